"""Results and landmarks in the formats of other programs, each written whole or not at all.

Two sources: the assessment document (what ``score --json`` writes) for tables, motion and FHIR, and
the recording (``.npz``) for markers. What was not measured is empty in every one of them.
"""

from __future__ import annotations

from glutecam.records.exports.kinds import Export, Kind, Need, Source

__all__ = ["Export", "Kind", "Need", "Source"]

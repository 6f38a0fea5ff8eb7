"""Whether what somebody gives is an address or a path."""

from __future__ import annotations

__all__ = ["is_address"]


def is_address(text: str) -> bool:
    """Tell an address (``rtsp://...``, ``s3://bucket/clip.mp4``, ``postgresql://...``) from a path."""
    return "://" in text

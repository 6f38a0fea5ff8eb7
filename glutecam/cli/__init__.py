"""The verbs of the command line: each builds objects, calls one function and prints.

Exit codes: 0 done; 1 a fault of glutecam itself; 2 something about the input; 3 something about this
machine; 4 a batch is done but some clips failed (with --dry-run: would fail); 130 stopped early with
Ctrl-C, what was done is kept.
"""

from __future__ import annotations

from glutecam.cli.app import app, main

__all__ = ["app", "main"]

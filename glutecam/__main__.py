"""``python -m glutecam``."""

from __future__ import annotations

from glutecam.cli import main

if __name__ == "__main__":
    main()

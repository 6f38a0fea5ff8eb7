"""``python -m glutecam``, and the program ``glutecam``."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the program; Ctrl-C while its verbs are still being loaded ends it in one line, too."""
    try:
        from glutecam.cli import main as program

        program()
    except KeyboardInterrupt:
        sys.stderr.write("Error: Stopped with Ctrl-C.\n")
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()

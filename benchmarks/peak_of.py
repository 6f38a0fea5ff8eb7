"""Run glutecam as a child and write down the most memory that it or a process of its own had, in MB.

    python -m benchmarks.peak_of FILE batch clip.mp4 -o results

In between stands this small process: a child that a large one starts counts that one's size as its own.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

if __name__ == "__main__":
    done = subprocess.run([sys.executable, "-m", "glutecam", *sys.argv[2:]], check=False)
    peak_kb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    Path(sys.argv[1]).write_text(f"{peak_kb / 1024}\n", "utf-8")
    raise SystemExit(done.returncode)

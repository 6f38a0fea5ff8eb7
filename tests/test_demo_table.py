"""The table at the end of ``make demo``, printed by the script that prints it there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_every_verdict_has_its_word_and_an_error_is_shown(tmp_path: Path) -> None:
    table = tmp_path / "summary.csv"
    table.write_text(
        "file,reps,sides,verdict,faults,error\n"
        "a.mp4,4,left,fine,,\nb.mp4,4,right,fault,GC101,\nc.mp4,3,left,inconclusive,,\n"
        "d.mp4,0,,not assessable,,\ne.mp4,,,,,no video\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "demo_table.py"), str(table)],
        capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "100"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines() if line.strip()]
    assert ["a", "4", "left", "no", "fault"] in rows
    assert ["b", "4", "right", "improve", "GC101"] in rows
    assert ["c", "3", "left", "can't", "tell"] in rows
    assert ["d", "0", "not", "assessed"] in rows
    assert ["e", "no", "video"] in rows

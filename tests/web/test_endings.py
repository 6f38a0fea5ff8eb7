"""How the page is ended: Ctrl-C is the way, so it is no error."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from tests.served import serving


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
@pytest.mark.slow
def test_ctrl_c_ends_it_calmly(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        served.process.send_signal(signal.SIGINT)
        assert served.process.wait(300) == 0
    said = (tmp_path / "stderr.txt").read_text(encoding="utf-8")
    assert said.endswith("Ended with Ctrl-C; sets under way are kept as they are.\n")
    assert "Error" not in said

"""A part of a library that nobody uses costs nothing; who does use it finds it."""

import os
import subprocess
import sys

import pytest

from glutecam.capture.postponed import postponed

MEDIAPIPE = """
import sys
from glutecam.capture import mediapipe_pose
assert not any(name.partition(".")[0] == "matplotlib" for name in sys.modules)
from mediapipe.tasks.python.vision import drawing_utils
assert drawing_utils.plt.figure(figsize=(2, 3)).get_figheight() == 3
import matplotlib.pyplot
assert matplotlib.pyplot.get_fignums() == [1]
"""


def test_no_plots_are_loaded_with_the_pose_model_until_one_is_drawn():
    pytest.importorskip("matplotlib")
    env = {**os.environ, "MPLBACKEND": "agg"}
    done = subprocess.run(
        [sys.executable, "-c", MEDIAPIPE], capture_output=True, text=True, env=env, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
def library(tmp_path, monkeypatch):
    """Make a package with one part that says when it is loaded."""
    folder = tmp_path / "slowlib"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "part.py").write_text("print('loaded')\nANSWER = 42\n")
    (tmp_path / "user.py").write_text("import slowlib.part as part\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield
    for name in ("slowlib", "slowlib.part", "user"):
        sys.modules.pop(name, None)


def test_a_part_is_loaded_when_something_of_it_is_used(library, capsys):
    with postponed("slowlib", "part"):
        import user
    assert "slowlib" not in sys.modules
    assert capsys.readouterr().out == ""
    assert user.part.ANSWER == 42
    assert capsys.readouterr().out == "loaded\n"


def test_what_is_loaded_already_stays(library):
    import slowlib.part

    with postponed("slowlib", "part"):
        import user
    assert user.part is slowlib.part is sys.modules["slowlib.part"]


def test_an_import_that_fails_leaves_nothing_in_the_place(library):
    with pytest.raises(ModuleNotFoundError), postponed("slowlib", "part"):
        import no_such_module_at_all  # noqa: F401
    assert "slowlib" not in sys.modules
    import slowlib.part

    assert slowlib.part.ANSWER == 42

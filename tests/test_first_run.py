from __future__ import annotations

from pathlib import Path

import pytest

from glutecam.cli import first_run
from glutecam.cli.first_run import FILE_NAME, say_once
from glutecam.core.wording import INTENDED_USE, INTENDED_USE_WHOLE


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody reads along."""
    monkeypatch.setattr(first_run, "_somebody_reads", lambda: True)


def test_it_is_said_once(
    tmp_path: Path, terminal: None, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new"
    assert say_once(folder)
    assert " ".join(capsys.readouterr().err.split()).count(INTENDED_USE) == 1
    assert not say_once(folder)
    assert capsys.readouterr().err == ""


def test_another_text_is_said_again(tmp_path: Path, terminal: None) -> None:
    (tmp_path / FILE_NAME).write_text("another text\n", encoding="utf-8")
    assert say_once(tmp_path)
    assert not say_once(tmp_path)


def test_into_a_pipe_nothing_is_said_and_nothing_remembered(tmp_path: Path) -> None:
    assert not say_once(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_to_stops_nothing(tmp_path: Path, terminal: None) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    assert say_once(tmp_path / "taken")


def test_it_is_remembered_in_the_users_own_folder() -> None:
    import platformdirs

    assert first_run._data_folder() == platformdirs.user_data_path("glutecam")


def test_the_intended_use_stands_in_the_readme_word_for_word() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    assert INTENDED_USE_WHOLE in readme


def test_the_text_says_what_must_be_said() -> None:
    text = INTENDED_USE_WHOLE.lower()
    for words in ("not a diagnosis", "not a substitute for a clinician", "one camera", "stop",
                  "tested on", "no approval as a medical device", "text of"):  # fmt: skip
        assert words in text, words

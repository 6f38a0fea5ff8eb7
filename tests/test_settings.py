from __future__ import annotations

from pathlib import Path

import pytest

from glutecam.errors import SettingsError
from glutecam.settings import FILE_NAME, Settings, load_settings


def written(folder: Path, text: str) -> Path:
    path = folder / "my.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_there_are_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings() == Settings()
    assert Settings().model == "full"


def test_the_file_of_the_current_folder_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(FILE_NAME).write_text('model = "heavy"\nstrict = true\ncamera = 2\n', encoding="utf-8")
    settings = load_settings()
    assert (settings.model, settings.strict, settings.camera) == ("heavy", True, 2)


def test_the_command_line_wins_and_what_it_leaves_out_does_not(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, 'side = "left"\nvoice = false\n'))
    over = settings.over(side="right", voice=None, camera="rtsp://here/1")
    assert (over.side, over.voice, over.camera) == ("right", False, "rtsp://here/1")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("modle = 'full'", ["'modle'", "Did you mean 'model'", "Known:"]),
        ("count-people = true", ["'count-people'", "'count_people'"]),
        ("strict = 'yes'", ["'strict'", "'yes'", "true or false", "strict = false"]),
        ("side = 'both'", ["'side'", "'both'", '"left"']),
        ("camera = 1.5", ["'camera'", "a number, or an address"]),
        ("filter = 'kalman'", ["'filter'", '"causal"']),
        ("this is not toml", ["not valid TOML", "key = value"]),
    ],
)
def test_a_wrong_file_is_named_with_what_to_do(tmp_path: Path, text: str, words: list[str]) -> None:
    path = written(tmp_path, text)
    with pytest.raises(SettingsError) as caught:
        load_settings(path)
    assert str(path) in str(caught.value)
    assert [word for word in words if word not in str(caught.value)] == []


def test_a_file_that_was_asked_for_must_exist(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="--config"):
        load_settings(tmp_path / "no.toml")

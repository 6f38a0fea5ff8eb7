"""``glutecam settings show`` and ``--set``."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from glutecam.cli import app
from glutecam.errors import SettingsError
from glutecam.settings import Settings, assigned, load_settings

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == code, result.output
    return result.output


def test_what_is_shown_is_a_settings_file():
    assert tomllib.loads(told("settings", "show")) == Settings().model_dump()
    assert told("settings") == told("settings", "show")


def test_each_value_says_where_it_comes_from(here):
    (here / "glutecam.toml").write_text('model = "heavy"\nvoice = false\n', encoding="utf-8")
    lines = told("settings", "show", "--set", "strict=true", "--set", "voice=true").splitlines()
    found = {line.split(" = ")[0]: line.split("# ")[1] for line in lines}
    assert (found["model"], found["voice"], found["strict"], found["side"]) == (
        "glutecam.toml", "--set", "--set", "default",
    )  # fmt: skip
    assert 'model = "heavy"' in lines[0]


@pytest.mark.parametrize(
    ("pair", "key", "value"),
    [
        ("model=heavy", "model", "heavy"),
        ('model="heavy"', "model", "heavy"),
        ("strict = true", "strict", True),
        ("camera=2", "camera", 2),
        ("camera=rtsp://here/1?a=b", "camera", "rtsp://here/1?a=b"),
        ("subject=7", "subject", "7"),
        ("history=", "history", ""),
        ("strict=yes", "strict", True),
        ("voice=Off", "voice", False),
        ("retention_days=365", "retention_days", 365),
    ],
)
def test_a_pair_is_read_as_people_write_it(pair, key, value):
    assert assigned([pair]) == {key: value}
    assert getattr(load_settings(None, [pair]), key) == value


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        ("strict", "key=value"),
        ("=true", "key=value"),
        ("stricht=true", "Did you mean 'strict'"),
        ("strict=maybe", "true or false"),
        ("side=both", '"left"'),
        ("retention_days=-1", "from 1 to 36500, or 0"),
        ("retention_days=36501", "from 1 to 36500, or 0"),
    ],
)
def test_a_wrong_pair_says_what_would_be_right(pair, words):
    with pytest.raises(SettingsError) as caught:
        load_settings(None, [pair])
    assert words in str(caught.value)
    assert "--set" in str(caught.value)


@pytest.mark.parametrize("pair", ["workers=0", "nonsense=1"])
def test_a_key_that_is_like_none_gets_no_guess_but_what_there_is(pair):
    with pytest.raises(SettingsError) as caught:
        load_settings(None, [pair])
    said = str(caught.value)
    assert "Did you mean" not in said
    assert "Known: model, side, strict" in said
    assert "glutecam batch --workers" in said


def test_a_file_that_keeps_sets_for_less_than_no_time_is_refused(here):
    (here / "glutecam.toml").write_text("retention_days = -1\n", encoding="utf-8")
    said = told("settings", "show", code=2)
    assert "glutecam.toml: 'retention_days' is -1" in said
    assert "from 1 to 36500, or 0" in said


def test_a_quote_in_a_text_survives(here):
    path = here / "s.toml"
    path.write_text(told("settings", "show", "--set", "subject=a'b\\c"), encoding="utf-8")
    assert load_settings(path).subject == "a'b\\c"


def test_the_verbs_take_them(here):
    (here / "clip.mp4").write_bytes(b"")
    words = ["score", "clip.mp4", "-x", "step-down", "--set", "sied=left"]
    assert "Did you mean 'side'" in told(*words, code=2)

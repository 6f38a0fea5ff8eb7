from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from figures import squat_set

from glutecam import exercises
from glutecam.core.analyzer import analyze
from glutecam.core.own_bands import with_own_bands
from glutecam.core.rules import Bands, FrameRule, RepRule
from glutecam.core.scoring import bands_of
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
        ("modle = 'full'", ["'modle'", "Did you mean 'model'", "settings show"]),
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


def test_all_that_is_wrong_with_a_file_is_told_at_once(tmp_path: Path) -> None:
    text = 'retention_days = "x"\ncamera = 1.5\nbogus = 1\n[bands.GC101]\nok = "a"\nfault = "b"\n'
    with pytest.raises(SettingsError) as said:
        load_settings(written(tmp_path, text))
    lines = str(said.value).splitlines()
    assert len(lines) == 5, lines
    for word in ("retention_days", "camera", "bogus", "bands.GC101.ok", "bands.GC101.fault"):
        assert sum(f"'{word}'" in line for line in lines) == 1


def test_bands_of_ones_own_come_from_the_file_and_from_set(tmp_path: Path) -> None:
    path = written(tmp_path, "[bands]\nGC101 = {ok = 5, fault = 9}\n")
    settings = load_settings(path, ["bands.GC104.high=6", "bands.GC101.ok=4"])
    assert settings.bands == {"GC101": {"ok": 4, "fault": 9}, "GC104": {"high": 6}}
    exercise = settings.exercise("step-down")
    drop, valgus = exercise.rule("GC101"), exercise.rule("GC104")
    assert isinstance(drop, FrameRule) and isinstance(valgus, RepRule)
    assert (drop.bands, drop.strict) == (Bands(4.0, 9.0), None)
    assert (valgus.bounds[1], valgus.margin) == (6.0, 3.0)
    assert [own.code for own in exercise.own_bands] == ["GC101", "GC104"]
    assert dict(exercise.own_bands[0].default) == {"ok": 7.5, "fault": 11.0}
    assert load_settings(path).exercise("clamshell").own_bands == ()


def test_bands_of_ones_own_name_the_limits_that_hold_without_them() -> None:
    own = load_settings(None, ["bands.GC101={ok=5, fault=9}"]).exercise("step-down")
    plain = load_settings(None).exercise("step-down").rule("GC101")
    assert isinstance(plain, FrameRule)
    assert plain.strict is not None
    for strict, bands in ((False, plain.bands), (True, plain.strict)):
        judged = analyze(squat_set(depths=[68.0] * 2), own, strict=strict)
        (told,) = judged.provenance.own_bands
        assert dict(told.default) == {"ok": bands.ok, "fault": bands.fault}
        assert dict(told.edges) == {"ok": 5.0, "fault": 9.0}


@pytest.mark.parametrize(
    ("edge", "strict"),
    [("fault=9", (5.0, 9.0)), ("ok=4", (4.0, 8.0)), ("ok=9", (9.0, 11.0))],
)
def test_an_edge_that_is_left_out_stays_the_strict_one_with_strict(
    edge: str, strict: tuple[float, float]
) -> None:
    """But for one that could not rise: 9 lies beyond the strict fault of 8."""
    name, value = edge.split("=")
    exercise = load_settings(None).exercise("step-down")
    plain = exercise.rule("GC101")
    assert isinstance(plain, FrameRule) and plain.strict == Bands(5.0, 8.0)
    own = with_own_bands(exercise, {"GC101": {name: float(value)}})
    rule = own.rule("GC101")
    assert bands_of(rule, strict=True) == Bands(*strict)
    normal = replace(plain.bands, **{name: float(value)})
    assert bands_of(rule, strict=False) == normal
    told = own.own_bands[0].judged(strict=True)
    assert tuple(dict(told.edges).values()) == strict
    assert dict(told.default) == {"ok": 5.0, "fault": 8.0}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("bands = 3", ["'bands'", "by the code of a fault"]),
        ("[bands]\ngc101 = {ok = 5}", ["'gc101'", "Did you mean 'GC101'", "glutecam explain"]),
        ("[bands]\nGC101 = {good = 5}", ["GC101", "'good'", "ok, fault", "GC101 = {ok = 7.5"]),
        ("[bands]\nGC101 = {ok = 12}", ["GC101", "bands must rise", "fault = 11"]),
        ("[bands]\nGC101 = {fault = inf}", ["GC101", "'fault' is endless", "fault = 11"]),
        ("[bands]\nGC104 = {ok = 5}", ["GC104", "low, high, margin"]),
        ("[bands]\nGC101 = {ok = 'five'}", ["bands.GC101.ok", "'five'"]),
    ],
)
def test_wrong_bands_are_named_with_what_to_do(tmp_path: Path, text: str, words: list[str]) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(written(tmp_path, text))
    assert [word for word in words if word not in str(caught.value)] == []


def test_a_file_that_was_asked_for_must_exist(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="--config"):
        load_settings(tmp_path / "no.toml")


def test_a_clinic_has_a_name_and_a_logo_beside_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, '[clinic]\nname = "Praxis am See"\nlogo = "logo.svg"\n')
    settings = load_settings(path)
    assert settings.clinic.name == "Praxis am See"
    assert Path(settings.clinic.logo) == tmp_path / "logo.svg"
    over = load_settings(path, ["clinic.name=3 Ärzte", "clinic.logo=/other/logo.png"])
    assert (over.clinic.name, over.clinic.logo) == ("3 Ärzte", "/other/logo.png")
    assert over.over(model="heavy").clinic == over.clinic


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("clinic = 3", ["'clinic'", "a table", "clinic = {name"]),
        ("[clinic]\nnmae = 'x'", ["'clinic.nmae'", "Did you mean 'clinic.name'"]),
        ("[clinic]\nlogo = 3", ["'clinic.logo'", "PNG, JPEG or SVG"]),
    ],
)
def test_a_wrong_clinic_is_named_with_what_to_do(
    tmp_path: Path, text: str, words: list[str]
) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(written(tmp_path, text))
    assert [word for word in words if word not in str(caught.value)] == []


def test_a_folder_in_place_of_the_file_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "glutecam.toml").mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings()


@pytest.mark.parametrize("key", Settings.model_fields)
def test_a_wrong_kind_of_value_is_told_what_its_setting_takes(tmp_path: Path, key: str) -> None:
    """A date fits none of them, and only switches take true or false."""
    with pytest.raises(SettingsError) as caught:
        load_settings(written(tmp_path, f"{key} = 2026-11-22\n"))
    said = str(caught.value)
    assert f"'{key}'" in said
    is_switch = Settings.model_fields[key].annotation is bool
    assert ("true or false" in said) is is_switch


def test_whoever_is_not_named_is_nobody_in_particular() -> None:
    settings = load_settings(None)
    assert settings.named_subject is None
    assert settings.over(subject="P07").named_subject == "P07"
    assert settings.over(subject="P07").over(subject="me").named_subject is None


def test_a_limit_by_which_not_even_zero_is_good_is_refused_with_the_reason():
    exercise = exercises.get("step-down")
    with pytest.raises(SettingsError, match="not even 0 would be good"):
        with_own_bands(exercise, {"GC101": {"ok": -5.0}})
    # Nought itself is strict, and possible.
    assert with_own_bands(exercise, {"GC101": {"ok": 0.0}}).own_bands

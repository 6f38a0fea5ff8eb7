from __future__ import annotations

import builtins
import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from builders import make_assessment, make_exercise, make_poses

from glutecam.errors import InputError, MissingExtraError
from glutecam.records.export import document_of
from glutecam.records.exports import Export, Kind, Source
from glutecam.records.exports.kinds import kind_of
from glutecam.records.posefile import About, Recording

DOCUMENT = document_of(make_assessment(), make_exercise())
RECORDING = Recording(make_poses(3), About("full", "a.mp4", 30.0, (), False))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.csv", Kind.REPS), ("a.parquet", Kind.REPS), ("a_frames.CSV", Kind.FRAMES),
        ("landmarks.parquet", Kind.LANDMARKS), ("a.mot", Kind.MOT), ("a.sto", Kind.MOT),
        ("a.trc", Kind.TRC), ("a.c3d", Kind.C3D), ("a.json", Kind.FHIR),
    ],
)  # fmt: skip
def test_the_name_says_what_it_is(name, kind):
    assert kind_of(Path(name)) is kind


def test_a_name_that_says_nothing_is_told(tmp_path):
    with pytest.raises(InputError, match=r"\.mot"):
        kind_of(Path("a.txt"))
    with pytest.raises(InputError, match=r"should end in \.trc"):
        kind_of(Path("a.csv"), Kind.TRC)


def test_what_the_source_does_not_hold_is_told(tmp_path):
    with pytest.raises(InputError, match="Give the recording"):
        Export.to(tmp_path / "a.trc").write(Source(DOCUMENT))
    with pytest.raises(InputError, match="--exercise"):
        Export.to(tmp_path / "a.mot").write(Source(recording=RECORDING))


def test_landmarks_of_a_small_pose_model_are_told_as_that(tmp_path):
    small = replace(RECORDING, about=replace(RECORDING.about, reduced_accuracy=True))
    for recording, said in ((RECORDING, False), (small, True)):
        notes = Export.to(tmp_path / "a.trc").write(Source(recording=recording))
        assert any("Reduced accuracy" in note for note in notes) is said


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [("a.c3d", "ezc3d", "c3d"), ("a.json", "fhir", "fhir"), ("a.parquet", "pyarrow", "parquet")],
)
def test_a_missing_library_is_told_before_and_while_writing(
    tmp_path, monkeypatch, name, module, extra
):
    path = tmp_path / name
    there = Export(path, kind_of(path))
    for known in [loaded for loaded in sys.modules if loaded.partition(".")[0] == module]:
        monkeypatch.delitem(sys.modules, known)
    real = builtins.__import__

    def without(wanted, *rest, **named):
        if wanted.partition(".")[0] == module:
            raise ImportError(wanted)
        return real(wanted, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraError, match=rf"glutecam\[{extra}\]"):
        there.write(Source(DOCUMENT, RECORDING))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=rf"glutecam\[{extra}\]"):
        Export.to(path)
    assert not path.exists()


def test_all_that_is_missing_is_told_at_once(tmp_path, monkeypatch):
    real = importlib.util.find_spec
    gone = {"ezc3d", "fhir", "pyarrow"}
    monkeypatch.setattr("importlib.util.find_spec", lambda n: None if n in gone else real(n))
    paths = [tmp_path / name for name in ("a.parquet", "b.parquet", "a.json", "a.mot", "a.c3d")]
    with pytest.raises(MissingExtraError) as told:
        Export.each_to(paths)
    assert str(told.value) == (
        "Writing Parquet, FHIR and C3D needs optional parts. "
        "Install them: pip install 'glutecam[parquet,fhir,c3d]'"
    )
    assert [export.kind for export in Export.each_to([paths[3]])] == [Kind.MOT]

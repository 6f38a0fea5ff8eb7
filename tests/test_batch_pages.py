"""What a batch writes for people: dashboard, reports, pseudonyms in place of names."""

from __future__ import annotations

import base64
import json
import re
import sqlite3
import stat
import sys
from pathlib import Path

import cv2
import figures
import numpy as np
import pytest
from builders import make_assessment
from core.test_cutting import joined, standing
from program import one_by_one, ran_here
from reports import report

from glutecam.batch import Job, Reports, plan, run_batch, under_pseudonyms
from glutecam.batch.clip import folder_of
from glutecam.batch.clip_report import ClipReports, shows_moments
from glutecam.batch.places import Footage
from glutecam.batch.plan import Clip
from glutecam.display.recording import VideoWriter
from glutecam.moments import pictures_of
from glutecam.records.keyframes import KeyFrames
from glutecam.records.posefile import load_poses, save_poses
from glutecam.records.stored_recording import load_stored

pytestmark = pytest.mark.slow
NAMES = ("Anna Müller", "Bob Öztürk")
WORDS = ("anna", "müller", "mueller", "bob", "öztürk")


@pytest.fixture(scope="module")
def squats(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Landmarks of three squats."""
    kept = tmp_path_factory.mktemp("kept") / "squats.npz"
    _save(kept, "anna_müller")
    return kept


def _save(kept: Path, name: str) -> None:
    film = figures.squat_set(depths=[70.0] * 3)
    said = [f"The file {name}.npz ends early, says {name}."]
    save_poses(kept, film, model_name="exact", source_name=f"{name}.mp4", fps=30.0, warnings=said)


@pytest.fixture
def clinic(tmp_path: Path, squats: Path) -> Path:
    """A manifest that names people in every way it can: subjects, files, folders, a broken clip."""
    folder = tmp_path / "footage" / "Anna Müller"
    folder.mkdir(parents=True)
    (folder / "anna_müller.npz").write_bytes(squats.read_bytes())
    _save(folder / "Bob.npz", "Bob")
    (folder / "broken anna.npz").write_bytes(b"not landmarks")
    listed = tmp_path / "footage" / "list.csv"
    listed.write_text(
        "file,exercise,side,subject\n"
        "Anna Müller/anna_müller.npz,single-leg-squat,,Anna Müller\n"
        "Anna Müller/Bob.npz,single-leg-squat,,Bob Öztürk\n"
        "Anna Müller/broken anna.npz,single-leg-squat,,anna müller\n"
        "Anna Müller/none.npz,single-leg-squat,,Bob Öztürk\n"
        "Anna Müller/Bob.npz,squad,,Bob Öztürk\n",
        encoding="utf-8",
    )
    return listed


def naming(folder: Path) -> list[str]:
    """Return every file that holds a name, in its bytes or in what it is called."""
    found = []
    for path in folder.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        if path.suffix == ".npz":
            with np.load(path) as arrays:
                content += b"".join(np.asarray(arrays[name]).tobytes() for name in arrays)
                content += str(arrays["about"]).encode()
        text = content.decode("utf-8", "replace").lower() + path.name.lower()
        escaped = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), text)
        found += [
            f"{path.relative_to(folder)}: {word}"
            for word in WORDS
            # A word of its own: base64 and digests hold any three letters.
            if re.search(rf"(?<![^\W\d_]){word}(?![^\W\d_])", f"{text}\n{escaped}")
        ]
    return found


def test_no_byte_of_the_results_names_anybody(
    clinic: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    out, key = tmp_path / "results", tmp_path / "private" / "key.csv"
    key.parent.mkdir()
    words = ("batch", clinic, "--out", out, "--reports", "--workers", 1, "--offline")
    code, told, err = ran_here(*words, "--pseudonyms", key, "--pelvis", "raw")
    assert code == 4, err
    assert naming(out) == []
    assert not [word for word in WORDS if word in (told + err).lower().replace(str(key), "")]
    said = key.read_text(encoding="utf-8")
    assert all(name in said for name in NAMES)
    if sys.platform != "win32":
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    first = (out / "summary.csv").read_bytes()
    # What a worker is told of the names, and what it tells, has been seen.
    request.getfixturevalue("no_workers")
    code, told, err = ran_here(*words, "--pseudonyms", key, "--pelvis", "raw")
    assert "2 unchanged" in told and (out / "summary.csv").read_bytes() == first
    plainly = tmp_path / "plainly"
    ran_here("batch", clinic, "--out", plainly, "--workers", 1, "--offline", "--pelvis", "raw")
    assert naming(plainly), "the test would not find a name"


def test_the_same_person_is_one_subject_and_the_key_leads_back(
    clinic: Path, tmp_path: Path
) -> None:
    planned = under_pseudonyms(plan(clinic, None), tmp_path / "key.csv", tmp_path / "out")
    subjects = {clip.subject for clip in planned.clips}
    assert len(planned.clips) == 5 and len(subjects) == 2
    key = (tmp_path / "key.csv").read_text(encoding="utf-8")
    assert all(f",{shown}" in key for shown in subjects)
    assert {clip.file for clip in planned.clips} == {
        line.rpartition(",")[2] for line in key.splitlines() if line.startswith("file,")
    }
    again = under_pseudonyms(plan(clinic, None), tmp_path / "key.csv", tmp_path / "out")
    assert again.clips == planned.clips


def test_a_key_among_the_results_is_refused_before_anything_is_judged(
    clinic: Path, tmp_path: Path
) -> None:
    out = tmp_path / "results"
    code, _, err = ran_here(
        "batch", clinic, "--out", out, "--pseudonyms", out / "key.csv", "--offline"
    )
    assert code == 2 and "must not lie in" in err and not out.exists()


def test_a_dry_run_writes_no_key(clinic: Path, tmp_path: Path) -> None:
    key = tmp_path / "key.csv"
    code, told, _ = ran_here(
        "batch", clinic, "-o", tmp_path / "r", "--pseudonyms", key, "--dry-run"
    )
    # The list names a file that is not there and an unknown exercise.
    assert code == 4 and not key.exists() and "müller" not in told.lower()


def test_export_and_score_name_nobody_either(squats: Path, tmp_path: Path) -> None:
    shared, private = tmp_path / "shared", tmp_path / "key.csv"
    shared.mkdir()
    clip = tmp_path / "Anna.npz"
    clip.write_bytes(squats.read_bytes())
    code, _, err = ran_here(
        "score", clip, "-x", "single-leg-squat", "--subject", "Anna Müller", "--save",
        "--json", shared / "r.json", "--csv", shared / "r.csv",
        "--report", shared / "r.html", "--save-poses", shared / "r.npz", "--export",
        shared / "r.mot", "--pseudonyms", private, GLUTECAM_HISTORY=str(shared / "h.sqlite"),
    )  # fmt: skip
    assert code == 0, err
    code, _, err = ran_here(
        "export", clip, "-x", "single-leg-squat", "--subject", "anna müller",
        "-o", shared / "o.csv", "-o", shared / "o.trc", "--pseudonyms", private,
    )  # fmt: skip
    assert code == 0, err
    assert naming(shared) == []
    whose = json.loads((shared / "r.json").read_text(encoding="utf-8"))
    assert whose["file"].startswith("clip-")
    with sqlite3.connect(shared / "h.sqlite") as history:
        [(subject,)] = history.execute("SELECT subject FROM glutecam_sets").fetchall()
    assert f"subject,Anna Müller,{subject}" in private.read_text(encoding="utf-8")
    code, _, err = ran_here(
        "export", clip, "-x", "single-leg-squat", "--subject", "Anna Müller",
        "-o", shared / "müller_reps.csv", "--pseudonyms", private,
    )  # fmt: skip
    assert code == 2 and "itself tells whose it is" in err


def test_reports_are_written_once_and_again_only_when_they_would_differ(
    squats: Path, tmp_path: Path
) -> None:
    clip = Clip("squats.npz", squats, "single-leg-squat", subject="P1")
    out = tmp_path / "out"
    report = folder_of(out, clip) / "report.html"
    plain, coach, clinician = None, Reports(), Reports("clinician")
    looks = [plain, coach, coach, clinician, plain]
    states = [Job(out, reports=look)(clip).state for look in looks]
    assert states == ["new", "rescored", "kept", "rescored", "kept"]
    assert "squats.npz" in report.read_text(encoding="utf-8")
    # Judged in another way, the old report is not of this judgement any more.
    Job(out, strict=True)(clip)
    assert not report.exists()


def test_the_dashboard_links_to_what_there_is(squats: Path, tmp_path: Path) -> None:
    clips = (
        Clip("a.npz", squats, "single-leg-squat"),
        Clip(
            "b.npz", tmp_path / "none", "single-leg-squat", problem="The file b.npz is not there."
        ),
    )
    out = tmp_path / "out"
    run_batch(clips, Job(out, reports=Reports()), one_by_one, lambda *_: None)
    page = (out / "dashboard.html").read_text(encoding="utf-8")
    links = re.findall(r'href="([^"#]*)', page)
    assert links and all((out / link).is_file() for link in links)
    assert f"clips/{clips[0].id}/report.html" in links
    # Landmarks have no pictures, so nothing leads to them.
    assert "#moments" not in page
    assert "The file b.npz is not there." in page


def test_whether_a_report_has_pictures_is_seen_in_the_report(tmp_path: Path) -> None:
    without, pictured = tmp_path / "a.html", tmp_path / "b.html"
    without.write_text(report(make_assessment()), encoding="utf-8")
    pictured.write_text(report(make_assessment(), keyframes={360: b"x"}), encoding="utf-8")
    assert shows_moments(pictured) and not shows_moments(without)


def test_the_moments_that_decided_are_taken_from_the_video(squats: Path, tmp_path: Path) -> None:
    from glutecam import exercises, pipeline

    recording, exercise = load_poses(squats), exercises.get("single-leg-squat")
    assessment = pipeline.judge(recording, exercise)
    video = tmp_path / "a.mp4"
    with VideoWriter(video, 640, 480) as writer:
        for time_s in recording.poses.time_s:
            writer.write(np.full((480, 640, 3), 90, np.uint8), float(time_s))
    seen: list[int] = []
    found = pictures_of(video, recording, assessment, exercise, alive=lambda: seen.append(1))
    wanted = {f.at for rep in assessment.reps for f in rep.findings}
    assert found and set(found) <= wanted and seen
    assert all(jpeg.startswith(b"\xff\xd8") for jpeg in found.values())


# A clip that was cut into sets


def _filmed(target: Path, frames: int, fps: float = 30.0) -> Path:
    """Write a video whose grey tells the number of the frame, all over the picture."""
    with VideoWriter(target, 640, 480, fps=fps) as writer:
        for number in range(frames):
            grey = np.full((480, 640, 3), _grey(number, frames), np.uint8)
            writer.write(grey, number / fps)
    return target


def _grey(number: int, frames: int) -> int:
    return round(40 + 180 * number / frames)


def _pictures_in(page: str) -> list[np.ndarray]:
    found = re.findall(r"data:image/jpeg;base64,([A-Za-z0-9+/=]+)", page)
    decoded = [np.frombuffer(base64.b64decode(one), np.uint8) for one in found]
    return [cv2.imdecode(one, cv2.IMREAD_GRAYSCALE) for one in decoded]


def test_every_set_of_a_cut_clip_has_its_own_pictures_from_the_right_time(tmp_path: Path) -> None:
    from glutecam import exercises, pipeline

    faulty = {"depths": [70.0] * 3, "drops": [0.0, 30.0, 30.0]}
    film = joined(
        figures.squat_set(**faulty), standing(10.0), figures.squat_set(**faulty, left=True)
    )
    kept, exercise = tmp_path / "a.npz", figures.certain(exercises.get("single-leg-squat"))
    save_poses(kept, film, model_name="exact", source_name="a.mp4", fps=30.0)
    video = _filmed(tmp_path / "a.mp4", len(film))
    clip, look = Clip("a.mp4", video, exercise.name), Reports()
    with load_stored(kept) as recording, Footage(video) as footage:
        sets = list(pipeline.judge_sets(recording, exercise))
        with ClipReports(tmp_path, clip, footage, recording, exercise, look) as reports:
            for judged in sets:
                reports.add(judged)
            reports.write()
    assert len(sets) == 2
    compared: set[str] = set()
    for judged, name in zip(sets, ("report.html", "report-2.html"), strict=True):
        page = (tmp_path / name).read_text(encoding="utf-8")
        assert f"a.mp4, set {judged.cut.number} of 2, " in page
        compared.add(page[page.index('<section id="sides"') :].partition("</section>")[0])
        wanted = sorted(KeyFrames(judged.assessment).wanted)
        shown = sorted(float(np.median(picture)) for picture in _pictures_in(page))
        assert len(wanted) == len(shown) == 2
        for frame, grey in zip(wanted, shown, strict=True):
            # What is drawn covers little of the picture; ten frames are one shade of grey.
            assert abs(grey - _grey(judged.cut.start + frame, len(film))) < 4.0
    # The first set's report knows of the other leg, which came after it.
    (said,) = compared
    assert "Both sides in this recording" in said and said.count("(3)") == 2


@pytest.mark.usefixtures("no_workers")
def test_results_that_name_people_are_not_gone_on_with_under_pseudonyms(
    clinic: Path, tmp_path: Path
) -> None:
    out, key = tmp_path / "results", tmp_path / "key.csv"
    words = ("batch", clinic, "--out", out, "--workers", 1, "--offline", "--pelvis", "raw")
    ran_here(*words)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    code, _, err = ran_here(*words, "--pseudonyms", key)
    said = " ".join(err.split())
    assert code == 2 and "results of a run without pseudonyms" in said and "--out" in said
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    (out / "batch.log.jsonl").unlink()
    code, _, err = ran_here(*words, "--pseudonyms", key)
    assert code == 2 and "results of a run without pseudonyms" in " ".join(err.split())


@pytest.mark.usefixtures("no_workers")
def test_what_to_beware_of_stands_on_the_line_and_in_the_row(squats: Path, tmp_path: Path) -> None:
    folder = tmp_path / "footage"
    folder.mkdir()
    (folder / "squats.npz").write_bytes(squats.read_bytes())
    listed = folder / "list.csv"
    listed.write_text("file,exercise\nsquats.npz,single-leg-squat\n", encoding="utf-8")
    out, warning = tmp_path / "out", "The file anna_müller.npz ends early, says anna_müller."
    words = ("batch", listed, "-o", out, "--workers", 1, "--offline", "--pelvis", "raw")
    for _ in ("new", "kept"):
        code, _, err = ran_here(*words)
        assert code == 0 and f"Note: {warning}" in " ".join(err.split())
    page = (out / "dashboard.html").read_text(encoding="utf-8")
    assert f'<p class="warning">▲ {warning}</p>' in page

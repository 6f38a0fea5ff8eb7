"""The benchmarks run, and what they keep can be read: machine, date, targets."""

from __future__ import annotations

import importlib
import json
import math
import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import figures
import numpy as np
import pytest

from glutecam.errors import ModelError
from glutecam.records.posefile import About, Recording

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

harness = importlib.import_module("benchmarks.harness")
every = importlib.import_module("benchmarks.all")
DEPTHS = [66.0, 70.0]


@dataclass(frozen=True)
class Invented(harness.Sample):
    """A sample clip that nobody rendered: a stick figure and its angles."""

    def recording(self, cache=None, model="full"):
        poses = figures.squat_set(depths=DEPTHS, left=False)
        return Recording(poses, About("invented", "invented", 30.0, (), False))


def invented() -> Invented:
    time_s = figures.squat_set(depths=DEPTHS).time_s
    still = np.zeros(len(time_s)).tolist()
    reps = [
        {"start_s": 3.0 * n + 3.0, "end_s": 3.0 * n + 5.4, "faults": []} for n in range(len(DEPTHS))
    ]
    camera = {"width_px": 1280, "height_px": 720, "focal_px": 850.0, "distance_m": 3.0}
    truth = {
        "exercise": "single_leg_squat",
        "side": "right",
        "reps": reps,
        "camera": {**camera, "height_m": 1.0, "yaw_deg": 0.0, "aim_x_m": 0.0},
        "time_s": time_s.tolist(),
        "knee_flexion_deg": figures.bumps(time_s, DEPTHS).tolist(),
        **dict.fromkeys(("pelvic_drop_deg", "trunk_lean_deg", "fppa_deg", "roll_deg"), still),
        "left_hip_px": [[664.0, 360.0]] * len(time_s),
        "right_hip_px": [[616.0, 360.0]] * len(time_s),
    }
    return Invented(Path("step_down_clean_right.mp4"), truth)


@pytest.fixture
def one_clip(monkeypatch):
    monkeypatch.setattr(harness, "sample_clips", lambda only="": [invented()])


def run(name: str, folder: Path, *words: str) -> dict:
    """Run one benchmark as a program would, and return what it kept."""
    module = importlib.import_module(f"benchmarks.{name}")
    function = next(
        getattr(module, found)
        for found in (name, "measure", "count", "chunk")
        if hasattr(module, found)
    )
    parser = harness.options(module.__doc__)
    parser.add_argument("--model", default="full")
    for option, kind in (("frames", int), ("rounds", int), ("partitions", int), ("seed", int)):
        parser.add_argument(f"--{option}", type=kind, default=1)
    parser.add_argument("--footage", type=Path, default=folder / "none")
    harness.main(parser, function, ["--out", str(folder), *words])
    return json.loads((folder / f"{name}.json").read_text("utf-8"))


def check(record: dict) -> None:
    assert record["machine"]["cpu"]
    assert record["machine"]["cores"] >= 1
    assert record["machine"]["packages"]["numpy"] == np.__version__
    assert record["date"].startswith("20")
    assert "load_at_start" in record
    assert any(figure["target"] for figure in record["figures"])
    assert all((figure["passed"] is None) == (not figure["target"]) for figure in record["figures"])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("chunking", ("--partitions", "4")),
        ("counts", ()),
        ("rescore", ("--frames", "500", "--rounds", "1")),
        ("import_time", ("--rounds", "1")),
    ],
)
def test_a_quick_benchmark_keeps_machine_date_and_targets(name, words, one_clip, tmp_path, capsys):
    record = run(name, tmp_path, *words)
    check(record)
    assert record["question"] in capsys.readouterr().out


def test_counts_and_chunking_hold_on_an_invented_clip(one_clip, tmp_path):
    counted = {figure["name"]: figure for figure in run("counts", tmp_path)["figures"]}
    assert counted["repetitions counted wrongly, side found"]["value"] == 0
    chunked = run("chunking", tmp_path, "--partitions", "6")
    assert chunked["figures"][0]["value"] == 0


def test_measures_finds_what_was_invented(one_clip, tmp_path):
    record = run("measures", tmp_path)
    table = record["tables"][0]
    rows = {row[0]: dict(zip(table["columns"], row, strict=True)) for row in table["rows"]}
    assert rows["trunk lean"]["MAE"] < 0.1
    assert rows["knee flexion"]["MAE"] < 3.0
    assert rows["pelvic drop"]["held by ±"] == 1.0


def test_what_glutecam_costs_is_measured_through_the_real_threads(one_clip, tmp_path):
    weights = importlib.import_module("glutecam.capture.weights")
    try:
        weights.model_path("full")
    except ModelError:
        pytest.skip("the pose model is not on this machine")
    own_code = importlib.import_module("benchmarks.own_code")
    sample = invented()
    poses = sample.recording().poses[:90]
    pictures = [np.full((720, 1280, 3), grey, np.uint8) for grey in (90, 110)]
    # A busy machine loses frames: even one that stalls for a second looks at more than the warm-up.
    parts = own_code.in_the_pipeline(sample, poses, sample.side, pictures, every_s=0.05)
    assert 0 < len(parts["all"]) <= 90 - own_code.WARM_UP
    assert np.all(parts["all"] >= parts["Session.push"])


def test_pelvic_shift_follows_from_camera_and_hips():
    sample = invented()
    # Hips 48 px apart and centred: mid-hip is over the middle, the ankle 7.5 cm outside.
    shift = importlib.import_module("benchmarks.truths").pelvic_shift(sample)
    width_m = 48 * 2.95 / 850.0
    np.testing.assert_allclose(shift, -0.075 / width_m, atol=1e-6)


def test_slopes_leave_out_the_beginning():
    live = importlib.import_module("benchmarks.live")
    times_s = np.arange(0.0, 120.0)
    values = np.where(times_s < 10, 1000.0, 2.0 * times_s / 60)
    assert live.slope_per_min(times_s, values) == pytest.approx(2.0)
    assert math.isnan(live.slope_per_min(times_s[:12], values[:12]))


def test_only_memory_beyond_what_is_kept_counts_and_only_once_warm():
    live = importlib.import_module("benchmarks.live")
    seconds = np.arange(0.0, 600.0)
    kept = 3.3 * seconds / 60
    warm_up = 400 + 60 * np.minimum(seconds / 120, 1.0)
    for leak, passed in ((0.0, True), (2.0, False)):
        memory = warm_up + kept + leak * seconds / 60
        window = SimpleNamespace(
            done_s=seconds, latency_ms=np.full(600, 30.0), memory=np.c_[seconds, memory, kept]
        )
        found = {figure.name: figure for figure in live._figures(window, 0, 10.0)}
        growth = found["growth of memory beyond what is kept"]
        assert growth.value == pytest.approx(leak, abs=1e-6)
        assert growth.passed is passed
        assert growth.note == "kept on purpose: 3.3 MB/min"


def test_the_floor_of_memory_tells_growth_from_what_comes_and_goes():
    """Sets of 105 s fill up and are let go of, garbage waits for its collection, twelve results are kept."""
    browser = importlib.import_module("benchmarks.browser")
    seconds = np.arange(0.0, 1800.0)
    kept = 40 * np.minimum(seconds / 260, 1.0)
    comes_and_goes = 30 * (seconds % 105) / 105 + 25 * (seconds % 41) / 41
    for leak in (0.0, 0.5, 4.0):
        memory = 500 + kept + comes_and_goes + leak * seconds / 60
        assert browser.floor_slope_per_min(seconds, memory) == pytest.approx(leak, abs=0.15)
    assert math.isnan(browser.floor_slope_per_min(seconds[:400], seconds[:400]))


@pytest.mark.parametrize(
    ("figure", "passed"),
    [
        (harness.Figure("a", 1.0, at_most=1.0), True),
        (harness.Figure("a", 1.1, at_most=1.0), False),
        (harness.Figure("a", 2.0, at_least=3.0), False),
        (harness.Figure("a", None, at_least=3.0), False),
        (harness.Figure("a", math.nan, at_most=3.0), False),
        (harness.Figure("a", 2.0), None),
    ],
)
def test_a_target_is_reached_or_not(figure, passed):
    assert figure.passed is passed


def test_what_numpy_counted_can_be_kept(tmp_path):
    value = np.float64(5.4)
    figure = harness.Figure("growth", value, "MB/min", at_most=1.0)
    assert figure.passed is False
    table = harness.Table("t", ("a", "b"), [(np.int64(3), np.float64("nan"))])
    report = harness.Report("live", "?", [figure], [table], settings={"settled": value > 2})
    kept = json.loads(report.write(tmp_path).read_text("utf-8"))
    assert (kept["passed"], kept["figures"][0]["passed"]) == (False, False)
    assert kept["settings"]["settled"] is True
    assert kept["tables"][0]["rows"] == [[3, None]]


def test_a_missed_target_is_kept_and_told_by_the_exit_code(tmp_path):
    report = harness.Report("own_code", "?", [harness.Figure("median", 0.9, "ms", at_most=0.5)])
    parser = harness.options(None)
    assert harness.main(parser, lambda _: report, ["--out", str(tmp_path)]) == harness.MISSED
    assert every.MISSED == harness.MISSED
    page = tmp_path / "README.md"
    marks = [(every.BEGIN.format(n), every.END.format(n)) for n in ("results", "losses")]
    parts = "".join(f"{begin}\nold\n{end}\n" for begin, end in marks)
    page.write_text(f"before\n{parts}after\n", "utf-8")
    every.refresh(page, tmp_path)
    text = page.read_text("utf-8")
    assert "| median | 0.9 ms | <= 0.5 ms | **miss** |" in text
    assert "takes 0.9 to 0.9 ms" in text
    assert "old" not in text
    assert text.startswith("before\n")
    assert text.endswith("after\n")


def test_results_that_are_kept_name_machine_and_date():
    kept = sorted(every.RESULTS.glob("*.json"))
    assert {path.stem for path in kept} >= {"accuracy", "counts"}
    for path in kept:
        check_kept = json.loads(path.read_text("utf-8"))
        assert check_kept["machine"]["cpu"]
        assert check_kept["date"]
        assert check_kept["benchmark"] == path.stem in (*every.NAMES, *every.LONG)


def test_a_result_tells_no_place_of_this_machine(tmp_path):
    assert harness._setting(harness.ROOT / "training" / "landmarks") == "training/landmarks"
    assert harness._setting(tmp_path / "kept") == "kept"
    assert harness._setting(None) == "None"
    for path in harness.RESULTS.glob("*.json"):
        settings = json.loads(path.read_text("utf-8")).get("settings", {})
        assert not [value for value in settings.values() if str(value).startswith("/")], path.name

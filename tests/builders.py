"""Hand-made exercises, poses, updates and assessments whose answers are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from glutecam.core.assessment import (
    Assessment,
    Band,
    Baseline,
    Fault,
    Finding,
    Gate,
    Pattern,
    Phase,
    Provenance,
    Rep,
    Side,
    Signal,
    Update,
    Verdict,
)
from glutecam.core.landmarks import LANDMARK_COUNT, Landmark
from glutecam.core.measures import FPPA, HIP_LINE, KNEE_FLEXION, TRUNK_LEAN, Estimate, Measure
from glutecam.core.pelvis import PELVIC_DROP
from glutecam.core.poses import PoseSeries
from glutecam.core.rep_signals import RepSignals
from glutecam.core.rules import (
    Bands,
    Cycle,
    Exercise,
    FrameRule,
    PatternRule,
    Posture,
    RepRule,
    View,
)
from glutecam.core.scales import Grade, Item, Kind, Scale, Sign
from glutecam.core.scoring import bands_of, excess, may_be
from glutecam.core.set_summary import summary_of
from glutecam.core.sheets import sheets_of

FPS = 30.0
REP_S = 4.0


def _depth(rep: RepSignals) -> tuple[float, float, int]:
    at = int(np.nanargmax(rep.of(KNEE_FLEXION).value))
    return float(rep.of(KNEE_FLEXION).value[at]), 8.0, at


SCALE = Scale(
    name="test-scale",
    title="Invented squat test, 0 to 4",
    plain="Squat scale, 0 to 4",
    kind=Kind.SUM,
    most=4,
    items=(
        Item("Pelvis", (Sign("leaves the horizontal plane", ("pelvic-drop",)),)),
        Item("Trunk", (Sign("leans", ("trunk-lean",)),), unseen="Leaning forward is not seen."),
        Item("Knee", (Sign("moves inward", ("knee-in",)),)),
        Item("Balance", (Sign("is lost"),), unseen="Balance is not measured."),
    ),
    grades=(Grade(1, "good"), Grade(2, "medium"), Grade(4, "poor")),
    trials=5,
    how="A sign counts once it is seen in any repetition.",
    evidence="Invented for the tests [P].",
)


def make_exercise() -> Exercise:
    """A single-leg squat with a pelvis, a trunk, a knee and a depth rule."""
    return Exercise(
        name="test-squat",
        title="Single-leg squat",
        summary="Squat on one leg and come back up.",
        view=View.FRONTAL,
        posture=Posture.STANDING,
        worked_leg="the leg you stand on",
        setup="Camera at hip height, 2.5 to 3 m away, facing you. Clear the floor.",
        cycle=Cycle(
            KNEE_FLEXION, enter=35.0, leave=20.0, min_s=0.8, max_s=8.0, compare_at=60.0
        ),
        rules=(
            FrameRule(
                "pelvic-drop", "pelvic drop", PELVIC_DROP, Bands(7.5, 11.0), 0.15,
                cue="Keep your hip bones level.",
                why="A level pelvis shows that the muscle at the side of the hip holds it.",
                evidence="Control mean and one standard deviation above it.",
                strict=Bands(5.0, 8.0),
            ),
            FrameRule(
                "trunk-lean", "trunk lean", TRUNK_LEAN, Bands(7.0, 10.0), 0.15,
                cue="Keep your chest over your hips.",
                why="Leaning over the standing leg takes the load off the hip.",
                evidence="Control mean 6.7°.",
            ),
            FrameRule(
                "knee-in", "knee moves inward", FPPA, Bands(8.0, 11.0), 0.15,
                cue="Point your knee over your second toe.",
                why="The knee follows the hip.",
                evidence="Published 2D values.",
            ),
            RepRule(
                "depth", "depth", "°", (KNEE_FLEXION,), _depth, (60.0, 90.0), 10.0,
                cue="Go a little lower.",
                why="Shallow squats hide what the pelvis does.",
                evidence="Our own proposal.",
            ),
        ),
        scales=(SCALE,),
        praise="Well held.",
        cannot_see="Rotation of the pelvis and of the thigh about their own axes.",
        pattern=PatternRule("pelvic-drop", ("trunk-lean",)),
    )  # fmt: skip


_BODY = {
    Landmark.NOSE: (0.0, -1.62), Landmark.LEFT_SHOULDER: (0.18, -1.40),
    Landmark.RIGHT_SHOULDER: (-0.18, -1.40), Landmark.LEFT_ELBOW: (0.34, -1.16),
    Landmark.RIGHT_ELBOW: (-0.34, -1.16), Landmark.LEFT_WRIST: (0.2, -0.98),
    Landmark.RIGHT_WRIST: (-0.2, -0.98), Landmark.LEFT_HIP: (0.11, -0.92),
    Landmark.RIGHT_HIP: (-0.11, -0.92), Landmark.LEFT_KNEE: (0.14, -0.55),
    Landmark.RIGHT_KNEE: (-0.08, -0.50), Landmark.LEFT_ANKLE: (0.16, -0.25),
    Landmark.RIGHT_ANKLE: (-0.06, -0.06), Landmark.LEFT_HEEL: (0.16, -0.22),
    Landmark.RIGHT_HEEL: (-0.06, -0.03), Landmark.LEFT_FOOT_INDEX: (0.17, -0.16),
    Landmark.RIGHT_FOOT_INDEX: (-0.07, 0.0),
}  # fmt: skip


def make_poses(
    frames: int = 1, drop_deg: float = 0.0, width: int = 1280, height: int = 720
) -> PoseSeries:
    """A person who faces the camera and stands on the right leg; + drop: left side lower."""
    metres = np.zeros((LANDMARK_COUNT, 3))
    for point in Landmark:
        metres[point, :2] = _BODY.get(point, _BODY[Landmark.NOSE])
    sink = 0.11 * np.tan(np.radians(drop_deg))
    metres[Landmark.LEFT_HIP, 1] += sink
    metres[Landmark.RIGHT_HIP, 1] -= sink
    scale = 0.52 * height
    pixels = metres[:, :2] * scale + np.array([0.5 * width, 0.94 * height])
    return PoseSeries(
        time_s=np.arange(frames) / FPS,
        image_px=np.tile(pixels, (frames, 1, 1)),
        world_m=np.tile(metres - [0.0, -0.92, 0.0], (frames, 1, 1)),
        visibility=np.full((frames, LANDMARK_COUNT), 0.95),
        people=np.ones(frames, dtype=np.int64),
        width_px=width,
        height_px=height,
    )


def make_update(drop: float = 3.0, band: Band = Band.INCONCLUSIVE, **changes: object) -> Update:
    """The newest frame of a squat on the right leg."""
    update = Update(
        time_s=1.0,
        phase=Phase.MOVING,
        values={
            PELVIC_DROP.name: (drop, 11.8),
            TRUNK_LEAN.name: (4.0, 4.1),
            FPPA.name: (6.0, 6.6),
        },
        bands={PELVIC_DROP.name: band, TRUNK_LEAN.name: Band.OK, FPPA.name: Band.OK},
        reps=3,
        attempts=1,
        side=Side.RIGHT,
    )
    return replace(update, **changes)  # type: ignore[arg-type]


def _signal(measure: Measure, value: np.ndarray, sd: float) -> Signal:
    estimate = Estimate(value, np.full(len(value), sd))
    return Signal(measure.name, measure.label, measure.unit, measure.method, estimate)


def make_finding(code: str, value: float, half_width: float, band: Band, at: int) -> Finding:
    """A finding that says which bands its ± reaches into."""
    rule = make_exercise().rule(code)
    judged = excess(rule, value) if isinstance(rule, RepRule) else value
    return Finding(
        code, value, half_width, band, at, may_be(judged, half_width, bands_of(rule, False))
    )


def make_rep(number: int, bands: tuple[Band, ...], pattern: Pattern, start_s: float) -> Rep:
    """One repetition with a finding for each of the four rules."""
    start = round(start_s * FPS)
    at = start + round(0.5 * REP_S * FPS)
    numbers = {Band.OK: 3.0, Band.WATCH: 9.0, Band.FAULT: 24.0, Band.INCONCLUSIVE: 8.0}
    codes = ("pelvic-drop", "trunk-lean", "knee-in", "depth")
    widths = (11.8, 4.1, 6.6, 13.2)
    findings = tuple(
        make_finding(code, 68.0 if code == "depth" else numbers[band], width, band, at)
        for code, width, band in zip(codes, widths, bands, strict=True)
    )
    end_s = start_s + REP_S - 1.0
    end = round(end_s * FPS)
    score = None if Band.INCONCLUSIVE in bands else 88.0
    return Rep(number, start, end, start_s, end_s, Side.RIGHT, findings, pattern, score)


def make_assessment(frames: int = 750) -> Assessment:
    """Five repetitions and one attempt: two undecided, one fault, one watch, one fine."""
    ok, watch, fault, unsure = Band.OK, Band.WATCH, Band.FAULT, Band.INCONCLUSIVE
    kinds = (
        ((ok, ok, ok, ok), Pattern.NONE),
        ((unsure, ok, ok, ok), Pattern.UNDECIDED),
        ((fault, watch, ok, ok), Pattern.UNCOMPENSATED),
        ((unsure, fault, unsure, ok), Pattern.COMPENSATED),
        ((ok, ok, watch, ok), Pattern.NONE),
    )
    reps = tuple(
        make_rep(index + 1, bands, pattern, 2.0 + REP_S * index)
        for index, (bands, pattern) in enumerate(kinds)
    )
    attempt = Rep(1, 670, 700, 22.3, 23.3, Side.RIGHT, reason="not deep enough to count")
    time_s = np.arange(frames) / FPS
    wave = np.clip(np.sin(np.pi * ((time_s - 2.0) % REP_S) / (REP_S - 1.0)), 0.0, None)
    wave[(time_s < 2.0) | (time_s >= 22.0)] = 0.0
    size = np.select([(time_s >= 10) & (time_s < 14)], [24.0], 8.0)
    drop = wave * size + 0.8 * np.sin(7.0 * time_s)
    drop[200:214] = np.nan
    signals = (
        _signal(PELVIC_DROP, drop, 7.2),
        _signal(HIP_LINE, drop + 1.5, 7.0),
        _signal(TRUNK_LEAN, 5.0 * wave + 0.5 * np.sin(5.0 * time_s), 2.5),
        _signal(FPPA, 6.0 * wave - 1.0, 4.0),
        _signal(KNEE_FLEXION, 5.0 + 63.0 * wave, 8.0),
    )
    return Assessment(
        exercise="test-squat",
        verdict=Verdict.FAULT,
        instruction=None,
        gates=(
            Gate("view", "camera in front", True, "turned 6°", "at most 15°", ""),
            Gate("seen", "whole body in the picture", True, "97 % of frames", "80 %", ""),
        ),
        sides=(Side.RIGHT,),
        reps=reps,
        attempts=(attempt,),
        faults=(Fault("pelvic-drop", 330, 350, 11.0, 11.67, 3, 24.0, 11.8),),
        score=88.0,
        coverage=0.97,
        baseline=Baseline(0, 45, {PELVIC_DROP.name: 1.5, TRUNK_LEAN.name: -0.4}),
        time_s=time_s,
        signals={signal.name: signal for signal in signals},
        provenance=Provenance(
            glutecam="0.1.0",
            ruleset="2026.1",
            pose_model="mediapipe-0.10.33/pose_landmarker_full",
            reduced_accuracy=False,
            pelvis_method="raw-hip-line/1",
            filter_name="butterworth zero-phase 6 Hz",
            filter_gain=0.99,
            filter_lag_s=0.0,
            strict=False,
        ),
        warnings=("The file ends in the middle of a frame; the last frame was left out.",),
        sheets=sheets_of(make_exercise(), reps, strict=False),
        summary=summary_of(make_exercise(), reps, {s.name: s.estimate for s in signals}),
    )


def noisy(frames: int) -> PoseSeries:
    rng = np.random.default_rng(7)
    poses = make_poses(frames)
    image = poses.image_px + rng.normal(size=poses.image_px.shape)
    image[3] = np.nan
    scene = rng.normal(size=poses.scene.shape)
    return replace(poses, image_px=image, camera_roll_deg=-1.25, scene=scene)


def assert_same_bits(a: PoseSeries, b: PoseSeries) -> None:
    for name in ("time_s", "image_px", "world_m", "visibility", "people", "scene"):
        assert getattr(a, name).dtype == getattr(b, name).dtype
        assert getattr(a, name).tobytes() == getattr(b, name).tobytes()
    assert (a.width_px, a.height_px, a.camera_roll_deg) == (
        b.width_px, b.height_px, b.camera_roll_deg,
    )  # fmt: skip

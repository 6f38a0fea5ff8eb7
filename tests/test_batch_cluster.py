"""A batch on a real Dask cluster: a scheduler and workers in processes of their own, over TCP."""

from __future__ import annotations

import csv
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from glutecam.address import is_address
from glutecam.batch import Clip, Done, Job, on_cluster, parcels, places, plan, run_batch
from glutecam.batch import cluster as on_dask
from glutecam.batch.pool import Died
from glutecam.records.posefile import save_poses
from tests.dask_cluster import Cluster, kill, wait_for
from tests.footage_server import serving
from tests.program import cut, environment, one_by_one, ran_here, started

FRAMES = 12
CLIPS = 4
pytestmark = [
    pytest.mark.realtime,
    pytest.mark.skipif(
        importlib.util.find_spec("distributed") is None,
        reason="Dask is not installed: pip install 'glutecam[cluster]'",
    ),
    pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX"),
]


def models_loaded(cluster: Cluster) -> list[tuple[int, int]]:
    """Return how often each worker has loaded a pose model, and how many it holds."""
    import cloudpickle
    from distributed import Client

    def loads() -> tuple[int, int]:
        from glutecam.batch.model import _kept

        facts = _kept.cache_info()
        return facts.misses, facts.currsize

    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    with Client(cluster.address, set_as_default=False) as client:
        return list(client.run(loads).values())


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    made = Cluster(tmp_path_factory.mktemp("cluster"))
    yield made
    made.close()


@pytest.fixture
def cluster(scheduler: Cluster) -> Iterator[Cluster]:
    """Return the scheduler, without a worker."""
    yield scheduler
    scheduler.dismiss()


@pytest.fixture(scope="module")
def clips(sample_videos: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Clips on a disk, one broken; by address one within an archive, and one on a web server."""
    folder = tmp_path_factory.mktemp("clinic")
    first = cut(sample_videos / "step_down_clean_left.mp4", folder / "clip0.mp4", FRAMES)
    for number in range(1, CLIPS):
        shutil.copy(first, folder / f"clip{number}.mp4")
    (folder / "broken.mp4").write_text("not a video")
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        archive.write(first, "far.mp4")
    with serving(folder) as server:
        names = [
            *(f"clip{n}.mp4" for n in range(CLIPS)),
            "broken.mp4",
            f"zip://far.mp4::file://{folder}/more.zip",
            f"{server.url}/clip0.mp4",
        ]
        rows = [f"{name},step-down,P{number}" for number, name in enumerate(names)]
        (folder / "list.csv").write_text("\n".join(["file,exercise,subject", *rows]) + "\n")
        yield folder / "list.csv"


def test_a_worker_is_killed_in_the_middle_and_nothing_is_missing(clips, cluster, tmp_path):
    victim = cluster.worker()
    out, usual = tmp_path / "out", tmp_path / "usual"
    batch = started("batch", clips, "-o", out, "--cluster", cluster.address)
    wait_for(lambda: batch.poll() is not None or any(out.glob("clips/*/clip.json")))
    assert batch.poll() is None, batch.communicate()
    # Not waited for: the victim would have done all by then.
    survivor = cluster.worker(is_up=False)
    kill(victim)
    said, err = batch.communicate(timeout=600)
    assert batch.returncode == 4, err  # the broken clip
    assert f"{CLIPS + 2} of {CLIPS + 3} clips judged" in said
    assert survivor.poll() is None
    rows = table(out / "summary.csv")
    assert [row["status"] for row in rows].count("done") == CLIPS + 2
    assert [row["subject"] for row in rows if row["status"] == "error"] == [f"P{CLIPS}"]
    run_batch(plan(clips, None).clips, Job(usual, count_people=True), one_by_one, lambda *_: None)
    for name in ("summary.csv", "reps.csv"):
        assert (out / name).read_bytes() == (usual / name).read_bytes()
    assert models_loaded(cluster) == [(1, 1)]
    # Once more: nothing is computed, whether here or there.
    code, said, _ = ran_here("batch", clips, "-o", out, "--cluster", cluster.address)
    assert code == 4 and f"0 new, 0 judged again from kept landmarks, {CLIPS + 2} unchanged" in said


def test_without_scheduler_or_worker_it_says_what_to_do(clips, cluster, tmp_path, monkeypatch):
    monkeypatch.setattr(on_dask, "CONNECT_S", 0.5)
    code, _, err = ran_here("batch", clips, "-o", tmp_path / "a", "--cluster", "tcp://127.0.0.1:9")
    assert code == 3 and "dask scheduler" in err
    # A scheduler that is there has time to answer.
    monkeypatch.setattr(on_dask, "CONNECT_S", 3.0)
    code, _, err = ran_here("batch", clips, "-o", tmp_path / "b", "--cluster", cluster.address)
    assert code == 3 and "no worker" in err
    code, _, err = ran_here("batch", clips, "-o", tmp_path / "c", "--cluster", "x", "--workers", 2)
    assert code == 2 and "--workers" in err


def test_an_address_is_read_where_it_lies_and_leaves_no_copy(tmp_path):
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("clip.mp4", b"footage" * 1000)
    address = f"zip://clip.mp4::file://{archive}"
    assert is_address(address) and not is_address("C:\\clips\\a.mp4")
    assert places.stamp(Path(), address) == places.stamp(Path(), address) != ""
    plain = tmp_path / "clip.mp4"
    plain.write_bytes(b"footage" * 1000)
    with places.Footage(Path(), address) as far, places.Footage(plain) as near:
        copy = far.file()
        assert copy.suffix == ".mp4" and copy.read_bytes() == plain.read_bytes()
        assert far.content() == near.content() and far.file() == copy
        assert near.file() == plain
    assert not copy.exists()


@dataclass(frozen=True)
class KillsItsWorker(Job):
    """A job that takes its worker with it at one clip, as one that needs too much memory."""

    def __call__(self, clip: Clip) -> Done:
        if clip.subject == "killer":
            os.kill(os.getpid(), signal.SIGKILL)
        return Done("new", "fine")


@pytest.mark.slow
def test_a_clip_that_kills_every_worker_does_not_take_its_neighbours_with_it(cluster, tmp_path):
    """With one worker all of them are on it whenever it dies."""
    cluster.worker()
    clips = tuple(
        Clip(f"{n}.mp4", Path(f"{n}.mp4"), "step-down", subject="killer" if n == 0 else "quiet")
        for n in range(3)
    )
    work = on_cluster(cluster.address)(clips, KillsItsWorker(tmp_path / "out"), tmp_path)
    told = {clip.file: result for clip, result in work}
    assert [told[name] for name in ("1.mp4", "2.mp4")] == [Done("new", "fine")] * 2
    assert isinstance(told["0.mp4"], Died)
    assert "died every time" in told["0.mp4"].how


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A list of one clip whose landmarks are given, so that no pose model is needed."""
    # Not above: scheduler and workers import this module, too, for the job that kills them.
    import figures

    squats = figures.squat_set(depths=[70.0] * 3)
    save_poses(tmp_path / "a.npz", squats, model_name="exact", source_name="a", fps=30.0)
    (tmp_path / "list.csv").write_text("file,exercise\na.npz,single-leg-squat\n")
    return tmp_path / "list.csv"


def judged_there(listed: Path, cluster: Cluster, out: Path, **how: object) -> list[str]:
    states: list[str] = []
    crew = on_cluster(cluster.address, offline=True)
    told = lambda _, __, done: states.append(done.state)  # noqa: E731
    run_batch(plan(listed, None).clips, Job(out, **how), crew, told)
    return states


def clip_files(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.glob("clips/*/*")}


def test_results_too_large_for_a_message_come_and_go_in_pieces(
    kept, cluster, tmp_path, monkeypatch
):
    cluster.worker()
    usual, out = tmp_path / "usual", tmp_path / "out"
    run_batch(plan(kept, None).clips, Job(usual), one_by_one, lambda *_: None)
    run_batch(plan(kept, None).clips, Job(usual, strict=True), one_by_one, lambda *_: None)
    monkeypatch.setattr(parcels, "WITH_THE_TASK", 0)
    monkeypatch.setattr(parcels, "PIECE", 10_000)
    pieces, asked = [], parcels._asked
    monkeypatch.setattr(parcels, "_asked", lambda *told: pieces.append(told) or asked(*told))
    assert judged_there(kept, cluster, out) == ["new"]
    assert judged_there(kept, cluster, out, strict=True) == ["rescored"]
    assert clip_files(out) == clip_files(usual)
    read = [told[-1] for told in pieces if told[2] is parcels._piece]
    put = [len(told[-1]) for told in pieces if told[2] is parcels._put]
    assert max(read) == max(put) == 10_000 and len(read) > 10 and len(put) > 3
    assert not list(cluster.folder.rglob("glutecam-*")), "the worker has thrown it away"
    # What is unchanged does not travel.
    pieces.clear()
    assert judged_there(kept, cluster, out, strict=True) == ["kept"] and not pieces


def test_a_worker_that_is_gone_before_its_results_are_here_costs_no_clip(
    kept, cluster, tmp_path, monkeypatch
):
    cluster.worker()
    monkeypatch.setattr(parcels, "WITH_THE_TASK", 0)
    asked, lost = parcels._asked, []

    def first_in_vain(client, worker, what, *about):
        if what is parcels._piece and not lost:
            lost.append(about)
            asked(client, worker, parcels._thrown_away, str(Path(about[0]).parent))
        return asked(client, worker, what, *about)

    monkeypatch.setattr(parcels, "_asked", first_in_vain)
    assert judged_there(kept, cluster, tmp_path / "out") == ["new"]
    assert lost and "clip.json" in clip_files(tmp_path / "out")


WATCHED = """
import sys, time
from glutecam.batch import cluster
from glutecam.batch.pool import sign_of_life
cluster._has_nanny = lambda: True
with cluster._watched(3.0):
    for _ in range(int(sys.argv[1])):
        time.sleep(0.5)
        sign_of_life()
    print("got on", flush=True)
    time.sleep(float(sys.argv[2]))
time.sleep(3.5)
print("was left alone", flush=True)
"""


def test_a_worker_ends_itself_where_a_clip_hangs_and_only_there():
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", WATCHED, "7", silence_s],
            env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for silence_s in ("600", "0")
    ]  # fmt: skip
    for run, code, says in zip(runs, (1, 0), ("got on", "was left alone"), strict=True):
        out, err = run.communicate(timeout=300)
        assert run.returncode == code, err
        assert out.splitlines()[-1] == says
        assert ("Timeout" in err) == bool(code)

"""What people install: a wheel and an sdist that are whole, and need nothing they do not declare."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from stored import recorded_step_down

import glutecam
from glutecam import exercises

ROOT = Path(__file__).resolve().parents[1]
BIN = "Scripts" if os.name == "nt" else "bin"
MODELS = sorted(path for path in (ROOT / "models").iterdir() if path.suffix in {".npz", ".json"})


def own_files() -> set[str]:
    """Return every file of the package in this checkout."""
    left_out = {"__pycache__", "models"}
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "glutecam").rglob("*")
        if path.is_file() and not left_out & set(path.parts)
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sdist of this checkout, and the wheel out of that sdist."""
    out = tmp_path_factory.mktemp("dist")
    words = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return out


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


# What is inside


def test_the_wheel_has_every_file_of_the_package(names):
    assert own_files() <= names
    assert {"glutecam/py.typed", "glutecam/web/static/index.html"} <= names
    assert any(name.endswith(".html.j2") for name in names)
    assert all(f"glutecam/exercises/{n.replace('-', '_')}.py" in names for n in exercises.names())


def test_the_wheel_has_the_trained_models_and_the_list_of_the_fetched_ones(names):
    assert {f"glutecam/models/{path.name}" for path in MODELS} <= names
    assert "glutecam/models/manifest.toml" in names
    assert len(MODELS) >= 2


def test_the_wheel_has_nothing_else(names):
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"glutecam"}
    assert not [name for name in names if name.endswith((".pyc", ".task", ".mp4"))]


def test_the_sdist_has_what_it_is_built_and_read_from(built):
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    assert own_files() <= inside
    for name in ("pyproject.toml", "LICENSE", "README.md", "CHANGELOG.md", "CITATION.cff"):
        assert name in inside, name
    assert {f"models/{path.name}" for path in MODELS} <= inside
    assert sdist.stat().st_size < 10_000_000


# Installed where nothing is but what it declares


def needed_by(requirements: list[str] | None) -> Iterator[str]:
    """Yield the names that hold on this machine, without extras."""
    for line in requirements or ():
        need = Requirement(line)
        if need.marker is None or need.marker.evaluate({"extra": ""}):
            yield canonicalize_name(need.name)


def declared(of: metadata.Distribution) -> Mapping[str, metadata.Distribution]:
    """Return all that the distribution needs, and what that needs in turn, as installed here.

    What is not installed here cannot be missed without being needed: the program would not run.
    """
    found: dict[str, metadata.Distribution] = {}
    waiting = list(needed_by(of.requires))
    while waiting:
        name = waiting.pop()
        if name not in found and (here := list(metadata.distributions(name=name))):
            found[name] = here[0]
            waiting += needed_by(found[name].requires)
    return found


def link(distribution: metadata.Distribution, into: Path) -> None:
    """Make an installed distribution visible in another environment."""
    for top in {path.parts[0] for path in distribution.files or ()} - {"..", "__pycache__"}:
        if not (into / top).exists():
            (into / top).symlink_to(distribution.locate_file(top))


@pytest.fixture(scope="module")
def venv(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into an environment that sees only what it declares."""
    place = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    pip = [sys.executable, "-m", "pip", "--python", place / BIN / "python", "--quiet"]
    flags = ["--no-deps", "--no-index", "--disable-pip-version-check", "--no-compile"]
    subprocess.run([*pip, "install", *flags, wheel], check=True)
    (packages,) = place.rglob("site-packages")
    (installed,) = packages.glob("glutecam-*.dist-info")
    for distribution in declared(metadata.Distribution.at(installed)).values():
        link(distribution, packages)
    return place


def ran(venv: Path, program: str, *words: object, where: Path) -> subprocess.CompletedProcess[str]:
    """Run an installed program that knows nothing of this checkout."""
    home = {"COLUMNS": "80", "GLUTECAM_HISTORY": str(where / "history.sqlite")}
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")} | home
    command = [str(venv / BIN / program), *map(str, words)]
    return subprocess.run(
        command, cwd=where, env=env, capture_output=True, text=True, check=False, timeout=600
    )


def test_the_installed_program_is_the_one_of_the_wheel(venv, tmp_path):
    code = "import glutecam, sys; print(glutecam.__file__, glutecam.__version__)"
    done = ran(venv, "python", "-c", code, where=tmp_path)
    file, version = done.stdout.split()
    assert Path(file).is_relative_to(venv.resolve()) and version == glutecam.__version__
    assert ran(venv, "python", "-c", "import pytest", where=tmp_path).returncode != 0


def test_the_installed_program_scores_stored_landmarks(venv, tmp_path):
    clip = recorded_step_down(tmp_path / "clip.npz")
    done = ran(
        venv, "glutecam", "score", clip, "--exercise", "step-down", "--json", "r.json",
        "--csv", "r.csv", "--report", "r.html", where=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    here = glutecam.score_file(clip, "step-down")
    told = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["assessment"]
    assert told["verdict"] == here.verdict.value
    assert [rep["start"] for rep in told["reps"]] == [rep.start for rep in here.reps]
    assert told["provenance"]["pelvis_method"] == here.provenance.pelvis_method
    assert "pelvis-" in here.provenance.pelvis_method
    assert (tmp_path / "r.html").read_text(encoding="utf-8").count("<svg") >= 1
    assert (tmp_path / "r.csv").read_text(encoding="utf-8").count("\n") == len(here.reps) + 1


@pytest.mark.parametrize(
    "words", [("explain", "step-down"), ("models", "list"), ("history", "list")], ids=" ".join
)
def test_the_installed_program_finds_what_came_with_it(venv, words, tmp_path):
    done = ran(venv, "glutecam", *words, where=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout

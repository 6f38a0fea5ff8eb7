"""The shape of the house: what each room may know, and how big its pieces may be."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from glutecam import exercises

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "glutecam"
FILES = sorted(PACKAGE.rglob("*.py"))
ROOMS = [ROOT / name for name in ("glutecam", "tests", "training", "benchmarks", "docs", "tools")]
EVERYTHING = sorted(path for room in ROOMS for path in room.rglob("*.py"))
NAMES = {form for name in exercises.names() for form in (name, name.replace("-", "_"))}
LONGEST_FUNCTION = 50
LONGEST_FILE = 400
IMPORT_S = 0.3


def label(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def parametrize_files(paths=FILES):
    return pytest.mark.parametrize("path", paths, ids=label)


def python(code: str) -> str:
    """Run code in a fresh interpreter that sees this checkout, and return what it printed."""
    places = [str(ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, places))}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    return done.stdout


def loaded_by(statement: str) -> set[str]:
    """Return the top names of all modules that a statement brings in, but the interpreter's own."""
    code = (
        "import sys, json; before = set(sys.modules)\n"
        f"{statement}\n"
        "new = set(sys.modules) - before\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in new})))"
    )
    return set(json.loads(python(code)))


def compared(tree: ast.AST) -> Iterator[tuple[ast.Compare, list[ast.expr]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            yield node, [node.left, *node.comparators]


def strings_in(node: ast.expr) -> set[str]:
    return {
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }


def is_name_of_exercise(node: ast.expr) -> bool:
    """Tell ``exercise.name``, ``assessment.exercise`` and the like."""
    if not isinstance(node, ast.Attribute):
        return False
    owner = ast.unparse(node.value).lower()
    return node.attr == "exercise" or (node.attr == "name" and "exercise" in owner)


@parametrize_files()
def test_nothing_asks_which_exercise_this_is(path):
    for node, sides in compared(tree_of(path)):
        where = f"{label(path)}:{node.lineno}: {ast.unparse(node)}"
        equal = any(isinstance(op, ast.Eq | ast.NotEq | ast.Is | ast.IsNot) for op in node.ops)
        constant = any(isinstance(side, ast.Constant) and side.value for side in sides)
        asks = equal and constant and any(map(is_name_of_exercise, sides))
        assert not asks, f"{where} asks for an exercise's name"
        if "exercises" not in path.parts:
            named = NAMES & {text for side in sides for text in strings_in(side)}
            assert not named, f"{where} names {named}"


@parametrize_files()
def test_no_match_statement_names_an_exercise(path):
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.MatchValue) and isinstance(node.value, ast.Constant):
            assert node.value.value not in NAMES, f"{label(path)}:{node.value.lineno}"


@parametrize_files([path for path in FILES if "cli" not in path.parts])
def test_only_the_command_line_prints(path):
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "print", f"{label(path)}:{node.lineno}"


@parametrize_files(EVERYTHING)
def test_no_except_is_bare_or_blind(path):
    for node in ast.walk(tree_of(path)):
        if not isinstance(node, ast.ExceptHandler):
            continue
        where = f"{label(path)}:{node.lineno}"
        assert node.type is not None, f"{where} is bare"
        kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        blind = {ast.unparse(kind) for kind in kinds} & {"Exception", "BaseException"}
        assert not blind, f"{where} catches {blind}"


@parametrize_files()
def test_nothing_at_module_level_is_changed_from_inside(path):
    for node in ast.walk(tree_of(path)):
        assert not isinstance(node, ast.Global), f"{label(path)}:{node.lineno}"


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_one_file_knows_mediapipe():
    knowing = [
        label(path)
        for path in FILES
        if any(name.partition(".")[0] == "mediapipe" for name in imported(tree_of(path)))
    ]
    assert knowing == ["glutecam/capture/mediapipe_pose.py"]


def third_party(names: set[str]) -> set[str]:
    return {name for name in names if name not in sys.stdlib_module_names and name[:1] != "_"}


def test_the_core_and_the_exercises_load_numpy_scipy_and_nothing_else():
    every = "import pkgutil, importlib, glutecam.core as c\n" + (
        "for m in pkgutil.iter_modules(c.__path__): importlib.import_module('glutecam.core.' + m.name)\n"
        "import glutecam.exercises; glutecam.exercises.all_exercises()"
    )
    allowed = third_party(loaded_by("import numpy, scipy.signal, scipy")) | {"glutecam"}
    assert third_party(loaded_by(every)) <= allowed


def test_importing_the_package_loads_no_codec_and_no_model():
    loaded = loaded_by("import glutecam")
    assert not loaded & {"cv2", "mediapipe", "av", "plotly", "pydantic", "jinja2", "sqlalchemy"}


def test_importing_the_package_is_quick():
    """Processor time, so that other programs do not count."""

    def spent() -> float:
        times = os.times()
        return times.children_user + times.children_system

    def seconds(statement: str) -> float:
        taken = []
        for _ in range(5):
            began = spent()
            python(statement)
            taken.append(spent() - began)
        return min(taken)

    assert seconds("import glutecam") - seconds("pass") <= IMPORT_S


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@parametrize_files()
def test_no_function_is_longer_than_a_screen(path):
    """Fifty lines, with its parameters and its docstring."""
    for function in functions(path):
        lines = (function.end_lineno or 0) - function.lineno + 1
        assert lines <= LONGEST_FUNCTION, (
            f"{label(path)}:{function.lineno} {function.name}: {lines}"
        )


@parametrize_files(EVERYTHING)
def test_no_file_is_longer_than_four_hundred_lines(path):
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST_FILE, label(path)


def test_the_rooms_import_each_other_in_one_direction_only():
    beside = Path(sys.executable).with_name("lint-imports")
    tool = str(beside) if beside.exists() else shutil.which("lint-imports")
    if tool is None:
        pytest.skip("import-linter is not installed")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [tool, "--no-cache"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr

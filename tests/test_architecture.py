"""The shape of the house: what each room may know, and how big its pieces may be."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import pytest

from glutecam import exercises

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "glutecam"
FILES = sorted(PACKAGE.rglob("*.py"))
ROOMS = [ROOT / name for name in ("glutecam", "tests", "training", "benchmarks", "docs")]
EVERYTHING = sorted(path for room in ROOMS for path in room.rglob("*.py"))
NAMES = {form for name in exercises.names() for form in (name, name.replace("-", "_"))}
LONGEST_FUNCTION = 50
LONGEST_FILE = 400
IMPORT_S = 0.3
Node = TypeVar("Node", bound=ast.AST)


def label(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@pytest.fixture(scope="module")
def trees() -> dict[Path, ast.Module]:
    """Every file of the package, read once. Each house rule is one test, which names all that break it."""
    assert FILES
    return {path: tree_of(path) for path in FILES}


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


def each(kind: type[Node], trees: Mapping[Path, ast.Module]) -> Iterator[tuple[str, Node]]:
    """Yield each node of a kind, and where it stands."""
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, kind):
                yield f"{label(path)}:{getattr(node, 'lineno', '')}", node


def asks(node: ast.Compare) -> bool:
    """Tell whether an exercise's name is compared with one that is written down."""
    sides = [node.left, *node.comparators]
    equal = any(isinstance(op, ast.Eq | ast.NotEq | ast.Is | ast.IsNot) for op in node.ops)
    constant = any(isinstance(side, ast.Constant) and side.value for side in sides)
    return equal and constant and any(map(is_name_of_exercise, sides))


def test_nothing_asks_which_exercise_this_is(trees):
    found = list(each(ast.Compare, trees))
    assert len(found) > 100
    assert [f"{where}: {ast.unparse(node)}" for where, node in found if asks(node)] == []
    elsewhere = {path: tree for path, tree in trees.items() if "exercises" not in path.parts}
    for where, node in each(ast.Compare, elsewhere):
        named = NAMES & {
            text for side in (node.left, *node.comparators) for text in strings_in(side)
        }
        assert not named, f"{where} names {named}"


def test_no_match_statement_names_an_exercise(trees):
    for where, node in each(ast.MatchValue, trees):
        assert not NAMES & strings_in(node.value), where


def test_only_the_command_line_prints(trees):
    others = {path: tree for path, tree in trees.items() if "cli" not in path.parts}
    for where, node in each(ast.Call, others):
        assert not isinstance(node.func, ast.Name) or node.func.id != "print", where


def test_no_except_is_bare_or_blind():
    handlers = [
        found for path in EVERYTHING for found in each(ast.ExceptHandler, {path: tree_of(path)})
    ]
    assert len(handlers) > 100
    for where, node in handlers:
        assert node.type is not None, f"{where} is bare"
        kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        blind = {ast.unparse(kind) for kind in kinds} & {"Exception", "BaseException"}
        assert not blind, f"{where} catches {blind}"


def test_nothing_at_module_level_is_changed_from_inside(trees):
    assert [where for where, _ in each(ast.Global, trees)] == []


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_one_file_knows_mediapipe(trees):
    knowing = [
        label(path)
        for path, tree in trees.items()
        if any(name.partition(".")[0] == "mediapipe" for name in imported(tree))
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


def test_only_the_filter_of_recordings_loads_the_library_of_filters():
    """It takes longer to load than all the rest; a live session and a look at the history go without."""
    python(
        "import sys, glutecam.core.analyzer, glutecam.cli.app, glutecam.exercises\n"
        "glutecam.exercises.all_exercises()\n"
        "assert glutecam.__version__ and not {'scipy.signal', 'scipy.stats'} & set(sys.modules)"
    )


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


def test_no_function_is_longer_than_a_screen(trees):
    """Fifty lines, with its parameters and its docstring."""
    functions = [*each(ast.FunctionDef, trees), *each(ast.AsyncFunctionDef, trees)]
    assert len(functions) > 1000
    for where, function in functions:
        lines = (function.end_lineno or 0) - function.lineno + 1
        assert lines <= LONGEST_FUNCTION, f"{where} {function.name}: {lines}"


def test_no_file_is_longer_than_four_hundred_lines():
    lines = {label(path): path.read_text(encoding="utf-8").count("\n") for path in EVERYTHING}
    assert {name: count for name, count in lines.items() if count > LONGEST_FILE} == {}


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

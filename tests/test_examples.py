"""What the pages and the docstrings show is run: on kept landmarks, and on a real piece of video."""

from __future__ import annotations

import doctest
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from program import cut
from stored import recorded_step_down

ROOT = Path(__file__).resolve().parents[1]
WITH_EXAMPLES = sorted(
    path for path in (ROOT / "glutecam").rglob("*.py") if ">>> " in path.read_text(encoding="utf-8")
)
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
BLOCKS = [
    pytest.param(block, id=f"{page.relative_to(ROOT).as_posix()}-{number}")
    for page in PAGES
    for number, block in enumerate(
        re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL), 1
    )
]
FRAMES = 45


@pytest.fixture(scope="module")
def clips(sample_videos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with clip.npz, step-downs with planted faults, and clip.mp4, a short video."""
    folder = tmp_path_factory.mktemp("clips")
    recorded_step_down(folder / "clip.npz")
    cut(sample_videos / "step_down_clean_left.mp4", folder / "clip.mp4", FRAMES)
    return folder


@pytest.fixture(autouse=True)
def there(clips: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(clips)


def examples(path: Path) -> Iterator[doctest.DocTest]:
    name = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
    module = importlib.import_module(name.removesuffix(".__init__"))
    found = doctest.DocTestFinder(exclude_empty=True).find(module)
    return (test for test in found if test.examples)


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_the_examples_of_docstrings_say_what_comes_out(path):
    told: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    tests = list(examples(path))
    for test in tests:
        runner.run(test, out=told.append)
    assert tests and runner.failures == 0, "".join(told)


def test_no_example_is_passed_over():
    for path in WITH_EXAMPLES:
        assert "+SKIP" not in path.read_text(encoding="utf-8"), path.name


@pytest.mark.parametrize("block", BLOCKS)
def test_the_examples_of_pages_run(block):
    exec(compile(block, "example", "exec"), {})


def test_the_pages_have_examples_for_python():
    assert any(param.id.startswith("docs/quickstart.md") for param in BLOCKS)
    assert any(param.id.startswith("README.md") for param in BLOCKS)

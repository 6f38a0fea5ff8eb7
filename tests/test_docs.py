"""The pages cannot lie: generated ones are fresh, links lead somewhere, shell lines would run."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import figures
import pytest
import typer

from glutecam import errors, exercises
from glutecam.cli import app
from glutecam.core.analyzer import analyze
from glutecam.core.rules import Exercise, FrameRule
from glutecam.records.export import REP_COLUMNS
from glutecam.settings import Settings

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
SKIPPED = {".venv", "out", ".git", "node_modules"}
PAGES = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not SKIPPED & set(path.relative_to(ROOT).parts) and "." not in path.parent.name[:1]
)
RULES = {rule.code: rule for exercise in exercises.all_exercises() for rule in exercise.all_rules}
PROGRAM = typer.main.get_command(app)
DECISIONS = sorted((DOCS / "adr").glob("[0-9]*.md"))

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def prose_of(page: Path) -> str:
    """Return the page without its code, in which nothing is a link."""
    return re.sub(
        r"```.*?```|`[^`\n]*`|^    .*$", "", text_of(page), flags=re.DOTALL | re.MULTILINE
    )


def verbs(command=PROGRAM, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    for name, child in command.commands.items():
        if hasattr(child, "commands"):
            yield from verbs(child, (*path, name))
        else:
            yield (*path, name), child


VERBS = dict(verbs())


def options_of(command) -> dict[str, object]:
    return {name: p for p in command.params for name in [*p.opts, *p.secondary_opts]}


# Generated pages


def test_generated_pages_are_fresh():
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, str(DOCS / "generate.py"), "--check"],
        capture_output=True,
        text=True,
        env=environment,
        cwd=ROOT,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"run 'make docs'\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("exercise", exercises.all_exercises(), ids=lambda e: e.name)
def test_every_exercise_is_documented(exercise):
    page = text_of(DOCS / "exercises.md")
    assert f"## {exercise.title}\n" in page and f"`{exercise.name}`" in page
    for rule in exercise.rules:
        assert f"[{rule.code}](fault-codes.md#{rule.code.lower()})" in page


@pytest.mark.parametrize("code", sorted(RULES))
def test_every_fault_code_is_documented(code):
    page = text_of(DOCS / "fault-codes.md")
    assert f"\n## {code}\n" in page
    assert RULES[code].cue in page and RULES[code].evidence in page


@pytest.mark.parametrize("path", list(VERBS), ids=" ".join)
def test_every_verb_and_option_is_documented(path):
    page = text_of(DOCS / "cli.md")
    head = f"\n## glutecam {' '.join(path)}\n"
    assert head in page
    section = page.split(head, 1)[1].split("\n## ", 1)[0]
    for name in options_of(VERBS[path]):
        wanted = f"`{name.upper()}`" if not name.startswith("-") else f"`{name}"
        assert wanted in section, name


def test_every_verb_has_an_example_in_the_readme():
    shown = {parsed(line)[0] for line in shell_lines(ROOT / "README.md")}
    assert set(VERBS) <= shown


def kinds(base=errors.GlutecamError):
    for kind in base.__subclasses__():
        if kind.__module__ == errors.__name__:
            yield kind
            yield from kinds(kind)


def test_every_error_is_documented_with_its_exit_code():
    page = text_of(DOCS / "cli.md")
    rows = dict(re.findall(r"^\| (\d+) \|(.*)\|$", page, flags=re.MULTILINE))
    for kind in kinds():
        if not kind.__subclasses__():
            assert f"`{kind.__name__}`" in rows[str(kind.exit_code)], kind.__name__


def test_every_source_that_a_rule_cites_has_an_address():
    page = text_of(DOCS / "evidence.md")
    told = [rule.evidence for rule in RULES.values()]
    told += [s.how + s.evidence for e in exercises.all_exercises() for s in e.scales]
    tags = {tag for text in told for tag in re.findall(r"\[(F\d+)\]", text)}
    for tag in sorted(tags):
        assert re.search(rf"^- \*\*\[{tag}\]\*\* .*https?://", page, flags=re.MULTILINE), tag


@pytest.mark.parametrize("tag", ["F n", "R", "D", "P", "S"])
def test_every_kind_of_tag_is_explained(tag):
    assert f"| [{tag}] |" in text_of(DOCS / "evidence.md")


def test_the_columns_and_the_schema_are_documented():
    page = text_of(DOCS / "files.md")
    for column in REP_COLUMNS:
        assert f"`{column}`" in page, column
    schema = json.loads(text_of(DOCS / "schema" / "assessment-1.schema.json"))
    for name in schema["properties"]:
        assert f"`{name}`" in page, name


# Links


def targets(page: Path) -> Iterator[str]:
    yield from re.findall(r"!?\[[^\]]*\]\(([^)\s]+)\)", prose_of(page))
    yield from re.findall(r'<(?:img|a)\s[^>]*(?:src|href)="([^"]+)"', prose_of(page))


def anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", text_of(page), flags=re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", title.lower()) for title in titles)
    return {title.replace(" ", "-") for title in plain}


@each_page
def test_every_relative_link_leads_somewhere(page):
    for target in targets(page):
        if re.match(r"[a-z]+:", target):
            continue
        place, _, anchor = target.partition("#")
        there = (page.parent / place).resolve() if place else page
        assert there.exists(), f"{target} is not there"
        if anchor and there.suffix == ".md":
            assert anchor in anchors(there), f"{target} has no such section"


@each_page
def test_no_page_names_a_place_on_somebodys_machine(page):
    assert not re.search(r"(?<![\w.:/-])/(root|work|home)/|file://|localhost:\d", text_of(page))


def test_pictures_are_small():
    for picture in (DOCS / "images").glob("*.*"):
        assert picture.stat().st_size <= 250_000, picture.name


# Shell lines


def shell_lines(page: Path) -> Iterator[str]:
    """Yield the glutecam lines of a page's shell blocks, continued lines joined."""
    for block in re.findall(
        r"```(?:sh|bash|console|powershell)\n(.*?)```", text_of(page), re.DOTALL
    ):
        for line in re.sub(r"[\\`]\n\s*", " ", block).splitlines():
            if line.strip().startswith("glutecam"):
                yield line.strip()


def parsed(line: str) -> tuple[tuple[str, ...], list[str]]:
    """Split a line into its verb and what is behind it."""
    words = shlex.split(line, comments=True)[1:]
    for length in (2, 1):
        if tuple(words[:length]) in VERBS:
            return tuple(words[:length]), words[length:]
    return (), words


LINES = [
    pytest.param(line, id=f"{page.relative_to(ROOT).as_posix()}: {line}"[:90])
    for page in PAGES
    for line in shell_lines(page)
]


@pytest.mark.parametrize("line", LINES)
def test_every_shell_line_uses_what_there_is(line):
    verb, words = parsed(line)
    command = VERBS.get(verb, PROGRAM)
    known = options_of(command)
    assert verb or all(word.startswith("-") for word in words), f"no such verb: {line}"
    for word in words:
        if word.startswith("-"):
            assert word.partition("=")[0] in known, f"{word} is no option of {' '.join(verb)}"
    given = [word.partition("=")[0] for word in words]
    for parameter in command.params:
        if parameter.required and parameter.opts[0].startswith("-"):
            assert set(parameter.opts) & set(given), f"{line} lacks {parameter.opts[0]}"


def after(words: list[str], *options: str) -> list[str]:
    return [value for name, value in pairwise(words) if name in options]


@pytest.mark.parametrize("line", LINES)
def test_every_shell_line_names_exercises_that_exist(line):
    verb, words = parsed(line)
    named = after(words, "--exercise", "-x")
    if verb == ("live",):
        named += words[:1]
    if verb == ("explain",):
        named += [word for word in words[:1] if word not in RULES]
    for name in named:
        assert name in exercises.names()


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", ROOT / "CONTRIBUTING.md"], ids=lambda p: p.name
)
def test_every_make_target_that_is_named_exists(page):
    targets_there = set(re.findall(r"^([a-z]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)`", text_of(page))) <= targets_there


# Decisions


def test_decisions_are_numbered_without_gaps():
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("path", DECISIONS, ids=lambda p: p.stem)
def test_every_decision_says_why_and_what_was_measured(path):
    text = text_of(path)
    assert text.startswith(f"# {path.name[:4]}. ")
    for part in ("Context", "Decision", "Measurement", "Consequence"):
        assert f"**{part}.**" in text, part
    assert len(text.splitlines()) <= 40


def test_code_and_pages_name_only_decisions_that_were_taken():
    taken = {path.name[:4] for path in DECISIONS}
    sources = [*(ROOT / "glutecam").rglob("*.py"), ROOT / "pyproject.toml", *PAGES]
    for source in sources:
        named = set(re.findall(r"adr/(\d{4})", text_of(source)))
        assert named <= taken, f"{source.relative_to(ROOT)}: {named - taken}"


# Examples in the pages


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text_of(page), flags=re.DOTALL)


def test_the_worked_example_is_an_exercise_with_a_rule():
    names: dict[str, object] = {}
    for block in blocks(ROOT / "CONTRIBUTING.md", "python"):
        exec(compile(block, "CONTRIBUTING.md", "exec"), names)
    example, rule = names["EXERCISE"], names["ADDUCTION"]
    assert isinstance(example, Exercise) and isinstance(rule, FrameRule)
    assert example.name not in exercises.names() and rule.code not in RULES
    poses = figures.squat_set(depths=[68.0, 68.0])
    assert len(analyze(poses, replace(example, rules=(*example.rules, rule))).reps) == 2


def test_the_settings_shown_are_all_of_them_with_their_defaults():
    (block,) = blocks(DOCS / "files.md", "toml")
    assert tomllib.loads(block) == Settings().model_dump()

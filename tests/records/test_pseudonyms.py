"""Names go, pseudonyms come, and the key tells who is who to its owner alone."""

from __future__ import annotations

import csv
import multiprocessing
import re
import stat
import sys
from pathlib import Path

import pytest

from glutecam.errors import InputError, OutputError
from glutecam.records.pseudonyms import key_of

ANNA = "Anna Müller"


def shown(key: Path, *names: str, out: Path) -> list[str]:
    with key_of(key, apart_from=[out]) as known:
        return [known.subject(name) for name in names]


def test_a_pseudonym_is_random_and_stays(tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = shown(tmp_path / "a.csv", ANNA, "Bob", out=out)
    assert first == shown(tmp_path / "a.csv", ANNA, "Bob", out=out)
    assert first != shown(tmp_path / "b.csv", ANNA, "Bob", out=out)
    assert len(set(first)) == 2
    assert all(re.fullmatch(r"P[2-9A-Z]{6}", name) for name in first)


def test_one_person_is_one_however_it_is_typed_and_files_differ_by_every_sign(
    tmp_path: Path,
) -> None:
    decomposed = "anna  Mu\u0308ller "
    assert len(set(shown(tmp_path / "k.csv", ANNA, decomposed, out=tmp_path / "out"))) == 1
    with key_of(tmp_path / "k.csv", apart_from=[]) as key:
        assert key.file("a.mp4") != key.file("A.mp4")
        assert key.subject("") == ""
        assert key.subject(key.subject(ANNA)) == key.subject(ANNA)


def test_the_key_says_who_is_who_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    key = tmp_path / "k.csv"
    [name] = shown(key, ANNA, out=tmp_path / "out")
    with key.open(encoding="utf-8", newline="") as stream:
        assert list(csv.DictReader(stream)) == [
            {"kind": "subject", "name": ANNA, "pseudonym": name}
        ]
    if sys.platform != "win32":
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        key.chmod(0o644)
        shown(key, "Somebody new", out=tmp_path / "out")
        assert stat.S_IMODE(key.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["=1+1", "'t Hooft", "a,b\nc", '"'])
def test_odd_names_come_back_as_they_went(tmp_path: Path, name: str) -> None:
    key = tmp_path / "k.csv"
    assert shown(key, name, out=tmp_path / "o") == shown(key, name, out=tmp_path / "o")


@pytest.mark.parametrize("place", ["out/k.csv", "out/below/k.csv", "link/k.csv"])
def test_a_key_among_the_results_is_refused(tmp_path: Path, place: str) -> None:
    out = tmp_path / "out"
    (out / "below").mkdir(parents=True)
    (tmp_path / "link").symlink_to(out)
    with pytest.raises(OutputError, match=r"must not lie in .*--pseudonyms"):
        shown(tmp_path / place, ANNA, out=out)
    assert not list(out.rglob("*.csv"))


@pytest.mark.parametrize(
    "text", ["file,subject\na.mp4,Anna\n", "kind,name,pseudonym\nsubject,Anna,\n", "nonsense"]
)
def test_another_file_is_no_key_and_stays_as_it_is(tmp_path: Path, text: str) -> None:
    key = tmp_path / "k.csv"
    key.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="not a key of pseudonyms"):
        shown(key, ANNA, out=tmp_path / "out")
    assert key.read_text(encoding="utf-8") == text


def test_a_name_that_stands_for_two_is_refused(tmp_path: Path) -> None:
    key = tmp_path / "k.csv"
    key.write_text("kind,name,pseudonym\nsubject,Anna,P2\nsubject,Bob,P2\n", encoding="utf-8")
    with pytest.raises(InputError, match="stands twice"):
        shown(key, ANNA, out=tmp_path / "out")


def test_a_key_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="not written"):
        shown(tmp_path / "none" / "k.csv", ANNA, out=tmp_path / "out")


def test_to_look_writes_nothing(tmp_path: Path) -> None:
    with key_of(tmp_path / "k.csv", apart_from=[], keep=False) as key:
        assert key.subject(ANNA)
    assert list(tmp_path.iterdir()) == []


def test_a_veil_hides_the_name_its_parts_and_the_places(tmp_path: Path) -> None:
    with key_of(tmp_path / "k.csv", apart_from=[]) as key:
        name, file = key.subject(ANNA), key.file("x/anna.mp4")
        veil = key.veil(("/data/x/anna.mp4", file), ("anna.mp4", file), whose=ANNA)
    text = "Frau MÜLLER (Anna Müller, anna_müller2) in /data/x/anna.mp4; Annabelle stays"
    assert veil.over(text) == f"Frau {name} ({name}, {name}_{name}2) in {file}; Annabelle stays"


def _learn(path: str, start: int) -> None:
    for number in range(start, start + 10):
        with key_of(Path(path), apart_from=[]) as key:
            key.subject(f"person {number}")


def test_two_programs_that_add_at_once_lose_nothing(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    key = str(tmp_path / "k.csv")
    both = [context.Process(target=_learn, args=(key, start)) for start in (0, 100)]
    for process in both:
        process.start()
    for process in both:
        process.join(60)
    with key_of(Path(key), apart_from=[]) as found:
        assert len(found.known) == 20

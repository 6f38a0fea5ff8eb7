"""A history that is handed on under pseudonyms names nobody, in whatever was said of a set."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sets import MONDAY, make_set

from glutecam.cli.history_names import renamed
from glutecam.core.assessment import Verdict
from glutecam.core.incomplete import incomplete_sentence
from glutecam.core.programme import Step, StepKind
from glutecam.core.sets import Felt, Load
from glutecam.records.history_export import history_csv, history_json
from glutecam.records.origin import key_of_set

WHO = "Anna Mueller"


def test_no_word_of_what_is_handed_on_names_anybody(tmp_path: Path) -> None:
    felt = Felt(load=Load(5.0, "Anna's red band"), note="anna says: it pulls")
    cut = incomplete_sentence("mueller, anna left.mp4", 2.27, 11.87)
    whose = key_of_set("ab" * 32, WHO, "clamshell", 0)
    hers = make_set(subject=WHO)
    hers = replace(hers, key=whose, also_known_as=("cd" * 32,), recording=("ab" * 32, 0))
    records = [replace(hers, felt=felt)] + [
        replace(hers, verdict=Verdict.NOT_ASSESSABLE, instruction=why)
        for why in (cut, "Step back, Anna.")
    ]
    steps = [Step(WHO, MONDAY, StepKind.START, "1.2", note="as Mueller asked")]
    sets, confirmed = renamed(records, steps, tmp_path / "key.csv", [tmp_path / "out" / "a.csv"])
    shown = history_csv(sets) + history_json(sets, confirmed)
    assert "anna" not in shown.lower() and "mueller" not in shown.lower()
    # Nor does anything by which a film and a guessed name could be proved to be the ones.
    assert not [digest for digest in (whose, "ab" * 32, "cd" * 32) if digest in shown]
    assert len({record.key for record in sets}) == len(sets)
    assert sets[1].instruction == cut.replace("mueller, anna left.mp4", "The file")
    assert sets[0].felt.load.kg == 5.0 and sets[0].felt.load.band.endswith("red band")
    assert sets[2].instruction is not None and sets[2].instruction.startswith("Step back, ")

"""The catalogue holds every text that is asked for, and nothing that nobody asks for."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest

from glutecam.core.session_wording import ENGLISH, say

PACKAGE = Path(__file__).resolve().parents[2] / "glutecam"
SPEAKERS = [p for p in PACKAGE.rglob("*.py") if "session_wording" in p.read_text("utf-8")]
CALLS = ("say", "posed", "counted")


def asked_for() -> set[str]:
    """Return the keys that the code names; of those it puts together, the part that is fixed."""
    found = set()
    for path in [*SPEAKERS, PACKAGE / "core" / "session_wording.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and ast.unparse(node.func).endswith(CALLS):
                for part in ast.walk(node.args[0]):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        found.add(part.value)
    return found


def test_every_text_that_the_code_asks_for_is_there():
    whole = {key for key in asked_for() if "." in key.strip(".")}
    assert len(whole) > 25
    missing = {key for key in whole if not any(k.startswith(key.rstrip(".")) for k in ENGLISH)}
    assert missing <= {".one.clean", ".one.part"}


@pytest.mark.parametrize("key", ENGLISH)
def test_every_text_can_be_filled_in_and_ends_as_it_should(key):
    text = ENGLISH[key]
    fields = {name for _, name, _, _ in string.Formatter().parse(text) if name}
    filled = say(key, **dict.fromkeys(fields, 7))
    assert "{" not in filled.english and filled.values == dict.fromkeys(fields, 7)
    if key.startswith("do."):
        assert text.endswith(".")


def test_a_key_that_is_not_there_is_an_error():
    with pytest.raises(KeyError):
        say("no.such.key")
    with pytest.raises(KeyError):
        say("countdown")

"""Words for what is turned away: in whole English sentences, which the one catalogue has in other languages.

The page puts them into its language itself. Who is turned away before the page is there at all reads a
page of one sentence, in the language that the browser asks for.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, Response

from glutecam.web import texts

__all__ = ["invalid", "refusal"]

_WANTED = {
    "missing": "it is missing",
    "extra_forbidden": "it is not known here",
    "less_than_equal": "at most {le}",
    "greater_than_equal": "at least {ge}",
    "string_too_long": "at most {max_length} signs",
    "too_long": "at most {max_length} entries",
    "too_short": "at least {min_length} entries",
    "string_pattern_mismatch": "it has signs that are not taken",
    "literal_error": "one of {expected}",
    "enum": "one of {expected}",
    "json_invalid": "it is no JSON",
    "int_parsing": "a whole number is wanted",
    "int_type": "a whole number is wanted",
    "int_from_float": "a whole number is wanted",
    "float_parsing": "a number is wanted",
    "float_type": "a number is wanted",
    "finite_number": "a number is wanted",
    "bool_parsing": "yes or no is wanted",
    "bool_type": "yes or no is wanted",
    "string_type": "a text is wanted",
}
"""By pydantic's kinds of errors; others keep pydantic's own words."""


def invalid(errors: Sequence[Mapping[str, Any]]) -> str:
    """Return what is wrong with the first value of a request that does not fit.

    Parameters
    ----------
    errors : sequence of mapping
        As pydantic lists them: with ``loc``, ``type``, ``msg`` and ``ctx``.
    """
    first = errors[0]
    # Where it was looked for, such as the body, is nothing that a person typed.
    where = ".".join(str(part) for part in first["loc"][1:] or first["loc"])
    words = _WANTED.get(first["type"], "{msg}")
    return f"'{where}' is not taken: {words.format(msg=first['msg'], **first.get('ctx', {}))}."


def refusal(status: int, english: str, headers: Headers) -> Response:
    """Return the answer to whoever may not come in: a page where a browser opens one, else JSON."""
    if "text/html" not in headers.get("accept", ""):
        return JSONResponse({"error": english}, status)
    language = _asked_for(headers)
    words = html.escape(texts.translated(language, english))
    return HTMLResponse(
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" '
        f'content="light dark"><title>glutecam</title><h1>glutecam</h1><p>{words}</p></html>',
        status,
    )


def _asked_for(headers: Headers) -> str:
    """Return the first language of the browser that is known here."""
    wanted = headers.get("accept-language", "").split(",")
    known = (word.strip()[:2].lower() for word in wanted)
    return next((name for name in known if name in texts.LANGUAGES), texts.LANGUAGES[0])

"""CITATION.cff: what the format asks for, and what the package says of itself."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

import glutecam

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = json.loads((ROOT / "tests" / "schemas" / "cff-1.2.0.schema.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def citation() -> Mapping[str, Any]:
    # As plain text, so that a date or a version such as 1.10 stays what was written.
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.BaseLoader)


@pytest.fixture(scope="module")
def project() -> Mapping[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_it_is_what_the_format_asks_for(citation):
    jsonschema.Draft7Validator(SCHEMA).validate(citation)


@pytest.mark.parametrize("without", ["authors", "cff-version", "message", "title"])
def test_the_schema_would_have_noticed(citation, without):
    with pytest.raises(jsonschema.ValidationError, match=without):
        jsonschema.Draft7Validator(SCHEMA).validate(
            {key: value for key, value in citation.items() if key != without}
        )


def test_it_cites_the_package_that_is_here(citation, project):
    assert citation["version"] == project["version"] == glutecam.__version__
    assert citation["license"] == project["license"]
    assert [author["name"] for author in citation["authors"]] == [
        author["name"] for author in project["authors"]
    ]


def test_the_version_cited_has_a_place_in_the_changelog(citation):
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[{re.escape(citation['version'])}\]", changelog, flags=re.MULTILINE)

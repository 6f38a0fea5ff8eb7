"""The documentation as a site: built without a warning, whole, and with nothing from the network."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

import glutecam

ROOT = Path(__file__).resolve().parents[1]
LOADING = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}


class Loads(HTMLParser):
    """Collects what a browser would fetch to show a page."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        where = given.get(LOADING.get(tag, ""))
        if where and given.get("rel") not in {"next", "prev", "canonical"}:
            self.addresses.append(where)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    environment = os.environ | {"PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"}
    words = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(out)]
    done = subprocess.run(
        words, capture_output=True, text=True, check=False, cwd=ROOT, env=environment, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stderr
    return out


def test_every_page_is_there(site):
    sources = [path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md")]
    for source in sources:
        page = site / source.with_suffix(".html")
        page = page.with_name("index.html") if source.name == "README.md" else page
        assert page.is_file(), source
    notebooks = {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert {path.stem for path in (site / "notebooks").glob("*.html")} == notebooks
    assert (site / "changelog.html").is_file() and (site / "contributing.html").is_file()
    assert not list(site.rglob("*.py"))


def test_nothing_is_loaded_from_the_network(site):
    pages = list(site.rglob("*.html"))
    for page in pages:
        reader = Loads()
        reader.feed(page.read_text(encoding="utf-8"))
        outside = [where for where in reader.addresses if re.match(r"(https?:)?//", where)]
        assert not outside, f"{page.name}: {outside}"
        assert reader.addresses
    for sheet in site.rglob("*.css"):
        assert not re.search(r"(@import|url\()\s*['\"]?https?:", sheet.read_text(encoding="utf-8"))


def test_it_can_be_searched(site):
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    found = [entry["location"] for entry in index["docs"] if "Trendelenburg" in entry["text"]]
    assert found


def test_every_public_name_is_described(site):
    text = "".join(path.read_text(encoding="utf-8") for path in (site / "api").glob("*.html"))
    for name in set(glutecam.__all__) - {"__version__"}:
        home = getattr(glutecam, name)
        assert f'id="{home.__module__}.{home.__name__}"' in text, name


def test_a_page_of_the_root_keeps_its_links(site):
    text = (site / "contributing.html").read_text(encoding="utf-8")
    assert 'href="architecture.html"' in text and 'href="changelog.html"' in text

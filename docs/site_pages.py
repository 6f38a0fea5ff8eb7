"""Pages of the site that lie elsewhere: the notebooks, CONTRIBUTING and CHANGELOG (hooks of MkDocs).

A notebook is shown as it was run, where ``make notebooks`` left it in ``out/notebooks``; else without
its figures and tables, as it is kept.
"""

from __future__ import annotations

import base64
import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"
HAVING_RUN = ROOT / "out" / "notebooks"
OF_THE_ROOT = {"contributing.md": "CONTRIBUTING.md", "changelog.md": "CHANGELOG.md"}
NOT_RUN = "> Kept without its figures and tables. `make notebooks` runs it; `make docs` then shows them.\n"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put pages that nobody gave a place at the end, where they can be found."""
    placed = set(re.findall(r"[\w/-]+\.md", json.dumps(config.nav)))
    there = {path.name for path in Path(config.docs_dir).glob("*.md")}
    if more := sorted(there - placed):
        config.nav = [*(config.nav or ()), {"More": more}]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that lie elsewhere."""
    from mkdocs.structure.files import File

    for name, source in OF_THE_ROOT.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        files.append(File.generated(config, name, content=relinked(text, source, name)))
    for notebook in sorted(NOTEBOOKS.glob("*.ipynb")):
        name = PurePosixPath("notebooks") / f"{notebook.stem}.md"
        pictures: dict[str, bytes] = {}
        text = notebook_page(shown(notebook), notebook.stem, pictures)
        text = relinked(text, f"notebooks/{notebook.name}", str(name))
        files.append(File.generated(config, str(name), content=text))
        for picture, content in pictures.items():
            files.append(File.generated(config, f"notebooks/{picture}", content=content))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Lead links that leave ``docs/`` to where the site has those pages."""
    uri = page.file.src_uri
    kept_elsewhere = uri in OF_THE_ROOT or uri.startswith("notebooks/")
    return markdown if kept_elsewhere else relinked(markdown, f"docs/{uri}", uri)


def relinked(text: str, source: str, uri: str) -> str:
    """Return a page whose links hold on the site; what the site does not have becomes plain text.

    Parameters
    ----------
    text : str
    source : str
        Where the page lies below the project's root.
    uri : str
        Where it is on the site.
    """
    places = {there: name for name, there in OF_THE_ROOT.items()} | {
        f"notebooks/{path.name}": f"notebooks/{path.stem}.md" for path in NOTEBOOKS.glob("*.ipynb")
    }

    def link(match: re.Match[str]) -> str:
        label, target, anchor = match[1], match[2], match[3] or ""
        there = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
        if not target or re.match(r"[a-z]+:", target):
            return match[0]
        place = there.removeprefix("docs/") if there.startswith("docs/") else places.get(there)
        if place is None:
            return f"{label} (`{there}`)"
        return f"[{label}]({posixpath.relpath(place, posixpath.dirname(uri) or '.')}{anchor})"

    return re.sub(r"(?<!!)\[([^\]]*)\]\(([^)\s#]*)(#[^)\s]*)?\)", link, text)


def shown(notebook: Path) -> Mapping[str, Any]:
    """Return the notebook as it was run, if that was this very one, else as it is kept."""
    kept = json.loads(notebook.read_text(encoding="utf-8"))
    ran = HAVING_RUN / notebook.name
    if ran.is_file():
        having_run = json.loads(ran.read_text(encoding="utf-8"))
        if list(map(source_of, having_run["cells"])) == list(map(source_of, kept["cells"])):
            return dict(having_run)
    return dict(kept)


def source_of(cell: Mapping[str, Any]) -> str:
    """Return the text of a cell, which a notebook keeps as lines."""
    return "".join(cell["source"])


def notebook_page(notebook: Mapping[str, Any], stem: str, pictures: dict[str, bytes]) -> str:
    """Return a notebook in Markdown; its pictures are put into ``pictures`` by their names."""
    ran = any(cell.get("outputs") for cell in notebook["cells"])
    parts = [f"<!-- made from notebooks/{stem}.ipynb -->"]
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            parts.append(source_of(cell))
        else:
            parts.append(f"```python\n{source_of(cell)}\n```")
            parts += outputs(cell, stem, pictures)
    if not ran:
        parts.insert(2, NOT_RUN)
    return "\n\n".join(parts) + "\n"


def outputs(cell: Mapping[str, Any], stem: str, pictures: dict[str, bytes]) -> Iterator[str]:
    """Yield what a cell printed and drew."""
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        if "image/png" in data:
            name = f"{stem}-{len(pictures) + 1}.png"
            pictures[name] = base64.b64decode(data["image/png"])
            yield f"![Figure {len(pictures)}]({name})"
        elif "text/html" in data:
            table = "".join(data["text/html"])
            table = re.sub(r"<style.*?</style>|\n\s*", "", table, flags=re.DOTALL)
            # Without a look of its own the theme gives it one.
            yield re.sub(r"(<table|<tr)[^>]*>", r"\1>", table)
        elif text := "".join(output.get("text", data.get("text/plain", ()))):
            yield f"```text\n{text.rstrip()}\n```"

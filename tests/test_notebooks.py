"""The notebooks: kept without outputs, run from end to end on the batch of the bundled clips."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


@each_notebook
def test_it_is_kept_without_what_it_printed(path):
    notebook = read(path)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        assert not cell.get("outputs") and cell.get("execution_count") is None
    assert set(notebook.metadata) == {"kernelspec", "language_info"}


@each_notebook
def test_it_runs_and_shows_figures_and_tables(path, sample_batch, monkeypatch):
    places = [str(ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, places)))
    monkeypatch.setenv("GLUTECAM_RESULTS", str(sample_batch))
    notebook = read(path)
    client = NotebookClient(notebook, timeout=600, resources={"metadata": {"path": path.parent}})
    client.execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    shown = {kind for output in outputs for kind in output.get("data", ())}
    assert {"image/png", "text/html"} <= shown
    assert not [output.text for output in outputs if output.get("name") == "stderr"]


@pytest.mark.parametrize("page", ["docs/research.md", "mkdocs.yml"])
def test_every_notebook_has_its_place_in_the_docs(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    for path in NOTEBOOKS:
        assert path.stem in text
    assert len(NOTEBOOKS) == 3


def test_visits_that_never_were_are_called_simulated():
    text = (ROOT / "notebooks" / "clinic_month.ipynb").read_text(encoding="utf-8")
    assert "**The visits are simulated.**" in text and "There are no patients here." in text

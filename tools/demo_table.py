"""Print the columns of a batch's summary.csv that say most: python tools/demo_table.py FILE."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

COLUMNS = {
    "file": "clip",
    "reps": "reps",
    "sides": "side",
    "verdict": "verdict",
    "faults": "faults",
}


def main() -> None:
    """Print the table."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    from glutecam.core.assessment import Verdict
    from glutecam.core.wording import vocabulary

    said = {verdict.value: vocabulary().verdict(verdict) for verdict in Verdict}
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for title in COLUMNS.values():
        table.add_column(title, no_wrap=title not in {"clip", "faults"}, overflow="fold")
    with Path(sys.argv[1]).open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            shown = {**row, "verdict": said.get(row.get("verdict", ""), "")}
            cells = [shown.get(name, "").removesuffix(".mp4") for name in COLUMNS]
            table.add_row(*cells) if not row.get("error") else table.add_row(cells[0], row["error"])
    console = Console(highlight=False, markup=False)
    console.print(table)
    unsure = said["inconclusive"]
    console.print(
        f"“{unsure}” is no failure: a word is given only where the whole ± lies on one side of a limit, "
        "and from one camera the ± is often wider than that. docs/validity.md says what can be told."
    )


if __name__ == "__main__":
    main()

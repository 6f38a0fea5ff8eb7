"""Many writers into one history in PostgreSQL: no set lost, none doubled.

A real server, started for this and thrown away (``apt-get install postgresql``). Every writer is a
process with connections of its own; all of them find an empty database and one makes the tables.
Every tenth set is offered by two writers at once, as when two batches judge the same clip.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace

from benchmarks import harness
from benchmarks.harness import ROOT, Figure, Report
from benchmarks.processes import environment

SHARED_EACH = 10
DATABASE = "proof"


def keys_of(writer: int, writers: int, sets: int) -> list[str]:
    """Return the keys that a writer offers: its own, and every tenth of its neighbour's.

    The neighbour's come at the same place as with the neighbour, so that both offer them at once.
    """
    own = range(writer, sets, writers)
    neighbours = range((writer + 1) % writers, sets, writers)
    keys = []
    for place, number in enumerate(own):
        if place % SHARED_EACH == 0 and place < len(neighbours):
            keys.append(f"set-{neighbours[place]}")
        keys.append(f"set-{number}")
    return keys


def write(place: str, keys: list[str]) -> Counter[str]:
    """Offer sets to the history; return how many it took and how many it had already."""
    from glutecam.errors import InputError
    from glutecam.records.history import History
    from tests.sets import make_set

    sys.stdin.readline()  # all begin together
    counted: Counter[str] = Counter()
    template = make_set()
    with History.open(place) as history:
        for key in keys:
            try:
                history.add(replace(template, key=key))
            except InputError as err:
                if "kept already" not in str(err):
                    raise
                counted["there already"] += 1
            else:
                counted["taken"] += 1
    return counted


def _begun(place: str, writer: int, arguments: argparse.Namespace) -> subprocess.Popen[str]:
    words = [place, str(writer), str(arguments.writers), str(arguments.sets)]
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.writers", "--write", *words], cwd=ROOT,
        env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def _run(place: str, arguments: argparse.Namespace) -> tuple[Counter[str], float]:
    processes = [_begun(place, writer, arguments) for writer in range(arguments.writers)]
    start_s = time.perf_counter()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    counted: Counter[str] = Counter()
    for process in processes:
        said, _ = process.communicate()
        if process.returncode:
            raise RuntimeError("a writer ended with an error; it is above")
        taken, there = map(int, said.split())
        counted.update({"taken": taken, "there already": there})
    return counted, time.perf_counter() - start_s


def _kept(place: str) -> tuple[list[str], Counter[int], int]:
    """Return the keys that are in the database, repetitions of each set, and those of no set."""
    from sqlalchemy import create_engine, select

    from glutecam.records.tables import REPS, SETS

    engine = create_engine(place)
    with engine.connect() as connection:
        ids = {row.id: row.key for row in connection.execute(select(SETS.c.id, SETS.c.key))}
        reps = Counter(connection.scalars(select(REPS.c.set_id)).all())
    engine.dispose()
    return list(ids.values()), reps, len(set(reps) - set(ids))


def writers(arguments: argparse.Namespace) -> Report:
    """Let all of them write, and count what is there."""
    from sqlalchemy import create_engine, text

    from tests.records.postgres import server
    from tests.sets import make_set

    with server() as address:
        admin = create_engine(f"{address}/postgres", isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {DATABASE}"))
        admin.dispose()
        counted, took_s = _run(f"{address}/{DATABASE}", arguments)
        keys, reps, orphans = _kept(f"{address}/{DATABASE}")
    offered = [keys_of(n, arguments.writers, arguments.sets) for n in range(arguments.writers)]
    twice = sum(map(len, offered)) - arguments.sets
    complete = len(make_set().reps)
    report = Report("writers", "do many writers to one database lose or double anything?")
    lost = set().union(*offered) - set(keys)
    report.figures += [
        Figure("sets offered", float(arguments.sets), at_least=10_000),
        Figure("writers at once", float(arguments.writers), at_least=8),
        Figure("sets lost", float(len(lost)), at_most=0),
        Figure("sets doubled", float(len(keys) - len(set(keys))), at_most=0),
        Figure(
            "sets without all of their repetitions",
            float(sum(count != complete for count in reps.values()) + len(keys) - len(reps)),
            at_most=0,
        ),
        Figure("repetitions of no set", float(orphans), at_most=0),
        Figure(
            "second offers not told as such", float(twice - counted["there already"]), at_most=0
        ),
        Figure("second offers", float(twice)),
        Figure("written", counted["taken"] / took_s, "sets/s"),
    ]
    report.notes.append("The server ran without fsync: the rate says nothing of a disk.")
    return report


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        where, mine, everybody, count = sys.argv[2:]
        result = write(where, keys_of(int(mine), int(everybody), int(count)))
        print(result["taken"], result["there already"])
        raise SystemExit(0)
    parser = harness.options(__doc__)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--sets", type=int, default=10_000)
    raise SystemExit(harness.main(parser, writers))

"""A page that is used for hours: what it keeps does not grow, and what it says does not flicker."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from fastapi.testclient import TestClient  # noqa: E402

from tests.browsing import as_webcam, begin, chrome, opened, shown  # noqa: E402
from tests.served import Served, packet, pictures, session, until, wait_until  # noqa: E402
from tests.served import begin as beginning  # noqa: E402
from tests.served import shown as answered  # noqa: E402

pytestmark = [pytest.mark.slow, pytest.mark.realtime]

SESSIONS = 3
"""After the first one, which fills what is made once."""
A_FEW = 12
"""Pictures of a short session."""


@pytest.fixture(scope="module")
def browser(chromium: str, sample_videos: Path, tmp_path_factory: pytest.TempPathFactory):
    clip = sample_videos / "step_down_lean_left.mp4"
    webcam = as_webcam(clip, tmp_path_factory.mktemp("webcam") / "clip.mjpeg", still=1, most=60)
    with playwright.sync_playwright() as running, chrome(running, chromium, webcam) as found:
        yield found


@dataclass(frozen=True)
class Kept:
    """What a page holds after everything that can be let go of was collected."""

    nodes: int
    listeners: int
    heap: int

    @classmethod
    def by(cls, page) -> Kept:
        tool = page.context.new_cdp_session(page)
        for _ in range(2):
            tool.send("HeapProfiler.collectGarbage")
        counts, heap = tool.send("Memory.getDOMCounters"), tool.send("Runtime.getHeapUsage")
        tool.detach()
        return cls(counts["nodes"], counts["jsEventListeners"], int(heap["usedSize"]))

    def is_like(self, first: Kept) -> bool:
        """Say that no session stayed: each has some 50 nodes alone, and 300 where one chooses."""
        return (
            self.nodes <= first.nodes + 100
            and self.listeners <= first.listeners + 10
            and self.heap <= 1.25 * first.heap + 500_000
        )


def a_short_session(page) -> None:
    """Exercise for a moment, see the summary, and go back to where one chooses."""
    begin(page, "step-down")
    wait_until(lambda: page.wait_for_timeout(50) or shown(page) > A_FEW, 120)
    page.get_by_role("button", name="End", exact=True).click()
    page.get_by_role("button", name="Another set").click()
    page.locator("#begin").wait_for()
    for where in ("history", "exercise"):
        page.evaluate("where => { location.hash = `#/${where}`; }", where)
        page.locator(f"main[data-page={where}] h1").wait_for()


A_HEAP = 64 << 20
"""Bytes that the GNU C library sets aside, at a multiple of them, for the heap of a thread."""


def heaps_of_threads(pid: int) -> int:
    """Count the heaps that threads of a process began beside the one that all share (Linux)."""
    maps = Path(f"/proc/{pid}/maps")
    if not maps.exists():
        return 0
    rows = [line.split() for line in maps.read_text().splitlines()]
    areas = [(*(int(end, 16) for end in row[0].split("-")), row[1], len(row)) for row in rows]
    # What is in use comes first, the rest is set aside; neither is a part of a file.
    return sum(
        start % A_HEAP == 0 and beyond == start + A_HEAP and middle == next_
        for (start, middle, *used), (next_, beyond, *free) in pairwise(areas)
        if (used, free) == (["rw-p", 5], ["---p", 5])
    )


def test_sessions_in_one_page_leave_nothing_behind(browser, served: Served):
    page = opened(browser, served.url)
    a_short_session(page)
    first = Kept.by(page)
    for _ in range(SESSIONS):
        a_short_session(page)
    # What is still on its way out, such as the last picture, goes by itself.
    wait_until(lambda: page.wait_for_timeout(300) or Kept.by(page).is_like(first), 60)
    assert heaps_of_threads(served.process.pid) == 0
    assert page.troubles == []
    page.context.close()


def test_a_page_that_does_keep_its_sessions_is_noticed(browser, served: Served):
    page = opened(browser, served.url)
    before = Kept.by(page)
    page.evaluate(
        "window.leak = [];"
        "for (let n = 0; n < 3; n++) {"
        "  const old = document.querySelector('main').cloneNode(true);"
        "  for (const button of old.querySelectorAll('input, button')) button.addEventListener('click', () => old);"
        "  leak.push(old);"
        "}"
    )
    after = Kept.by(page)
    assert not after.is_like(before) and before.is_like(before)
    page.context.close()


def objects_of_ours() -> Counter[str]:
    """Count what is alive of our own classes, and of the threads."""
    gc.collect()
    names = (
        f"{getattr(kind, '__module__', '')}.{kind.__qualname__}"
        for kind in map(type, gc.get_objects())
    )
    return Counter(name for name in names if name.startswith(("glutecam.", "threading.")))


@pytest.fixture(scope="module")
def few(sample_videos: Path) -> Iterator[list[bytes]]:
    clip = islice(pictures(sample_videos / "step_down_lean_left.mp4"), A_FEW)
    yield [packet(rgb, number, ms) for number, (ms, rgb) in enumerate(clip)]


def test_sessions_leave_no_objects_in_the_server(client: TestClient, few: list[bytes]):
    studio = client.app.state.studio  # type: ignore[attr-defined]

    def a_session() -> None:
        with session(client) as socket:
            socket.send_text(beginning("step-down"))
            until(socket, "ready")
            for number, message in enumerate(few):
                socket.send_bytes(message)
                answered(socket, number)
        wait_until(lambda: not studio.seats.taken)

    # The newest results are kept on purpose; with room for one there is as much after each session.
    studio.results.most = 1
    a_session()
    first = objects_of_ours()
    for _ in range(SESSIONS):
        a_session()
    grown = {
        kind: (first[kind], count)
        for kind, count in objects_of_ours().items()
        if count > first[kind] + 2 * SESSIONS
    }
    assert studio.results.count == 1
    assert studio.models.idle == 1 and studio.seats.taken == 0
    assert grown == {}


def test_results_and_jobs_are_forgotten_beyond_their_number(client: TestClient):
    from glutecam.web.studio import KEPT_RESULTS, Results

    results = Results()
    names = [results.add(object())[0] for _ in range(3 * KEPT_RESULTS)]  # type: ignore[arg-type]
    assert results.count == results.most == KEPT_RESULTS
    assert results.get(names[0]) is None and results.get(names[-1]) is not None


PACE = """async (times) => {
  const { Pace } = await import('/static/pace.js');
  const pace = new Pace();
  return times.map((at) => pace.shown(at)).filter(Boolean).map(({ slow }) => slow);
}"""


def paced(*parts: tuple[float, float]) -> list[float]:
    """Return the times, in ms, of pictures that come so many a second for so many seconds."""
    times = [0.0]
    for fps, seconds in parts:
        times += [times[-1] + 1000 * n / fps for n in range(1, round(fps * seconds) + 1)]
    return times


def test_the_note_of_a_slow_machine_does_not_come_and_go(browser, served: Served):
    page = opened(browser, served.url)
    wavering = paced(*([(17.0, 3.0), (19.5, 3.0)] * 4))
    told = page.evaluate(PACE, wavering)
    first = told.index(True)
    assert len(told) > 30 and all(told[first:])
    steady = page.evaluate(PACE, paced((30.0, 6.0)))
    assert steady and not any(steady)
    eased = page.evaluate(PACE, paced((12.0, 6.0), (25.0, 6.0)))
    assert eased[0] is True and eased[-1] is False and eased == sorted(eased, reverse=True)
    page.context.close()

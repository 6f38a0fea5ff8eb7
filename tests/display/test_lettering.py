from __future__ import annotations

import subprocess
import sys

import numpy as np

from glutecam.display import lettering
from glutecam.display.lettering import Lettering, paste

WHITE = (255, 255, 255)


def test_degree_and_plus_minus_are_real_letters() -> None:
    letters = Lettering()
    missing = letters.text("\ue123", 40, WHITE).light
    for letter in "°±✓✕−":
        drawn = letters.text(letter, 40, WHITE).light
        assert drawn.any()
        assert drawn.shape != missing.shape or not np.array_equal(drawn, missing)


def test_a_sprite_is_made_once() -> None:
    letters = Lettering()
    assert letters.text("3°", 40, WHITE) is letters.text("3°", 40, WHITE)
    assert letters.text("3°", 40, WHITE) is not letters.text("3°", 41, WHITE)


def test_memory_is_bounded() -> None:
    letters = Lettering(remember_bytes=100_000, at_least=2)
    first = letters.text("0", 60, WHITE)
    for number in range(1, 20):
        newest = letters.text(str(number), 60, WHITE)
        assert letters.nbytes <= 100_000
    assert letters.text("19", 60, WHITE) is newest
    assert letters.text("0", 60, WHITE) is not first


def test_the_sprites_of_one_picture_stay_however_large_they_are() -> None:
    letters = Lettering(remember_bytes=1, at_least=3)
    made = [letters.text(word, 20, WHITE) for word in "abc"]
    assert [letters.text(word, 20, WHITE) for word in "abc"] == made
    letters.text("d", 20, WHITE)
    assert letters.nbytes == sum(letters.text(word, 20, WHITE).nbytes for word in "bcd")


def test_lines_fit_and_lose_no_word() -> None:
    letters, words = Lettering(), "keep your hip bones level while you go down"
    lines = letters.wrap(words, 40, 300)
    assert " ".join(lines) == words
    assert len(lines) > 1
    assert all(letters.width(line, 40) <= 300 for line in lines)


def test_a_paste_is_cut_at_the_edges() -> None:
    letters = Lettering()
    panel = letters.panel(40, 40, (200, 100, 50), 1.0, 0)
    for x, y in ((-20, -20), (80, 80), (-50, 0), (200, 0), (30.4, 99.9)):
        canvas = np.zeros((100, 100, 3), np.uint8)
        paste(canvas, panel, x, y)
    canvas = np.zeros((100, 100, 3), np.uint8)
    paste(canvas, panel, -20, 70)
    assert (canvas[70:, :20] == (200, 100, 50)).all()
    assert not canvas[:, 20:].any()


def test_half_opaque_is_half_way() -> None:
    canvas = np.full((10, 10, 3), 200, np.uint8)
    paste(canvas, Lettering().panel(10, 10, (0, 0, 0), 0.5, 0), 0, 0)
    np.testing.assert_allclose(canvas, 100, atol=2)


def test_without_the_typeface_there_still_is_text(monkeypatch) -> None:
    monkeypatch.setattr(lettering.importlib.util, "find_spec", lambda name: None)
    assert Lettering().text("12°", 30, WHITE).light.any()


def test_the_slow_package_is_not_imported() -> None:
    code = (
        "import sys; from glutecam.display.lettering import Lettering; "
        "Lettering().text('3°', 30, (1, 2, 3)); sys.exit('matplotlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

"""The picture of a live session in each of its steps: made to be read from 2.5 m away.

Set-up ticks, countdown, exercise, rest, pause, summary. It repeats what ``SessionUpdate`` says; in a
set ``Overlay`` draws, outside it the lines on the body only.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

import cv2

from glutecam.core.assessment import Band, Update
from glutecam.core.coaching import Fading, SessionUpdate, Step, Tick
from glutecam.core.poses import PoseSeries
from glutecam.core.rules import Exercise
from glutecam.core.session_summary import summary_lines
from glutecam.core.session_wording import say
from glutecam.core.wording import BAND_SIGNS, INTENDED_USE
from glutecam.display.captioned import STRIP, Strip
from glutecam.display.lettering import Colour, Lettering, paste
from glutecam.display.overlay import Overlay
from glutecam.display.panels import BAND_COLOURS, SOFT, TO_DO, WHITE, Row, banner, card
from glutecam.display.view import Image

__all__ = ["CoachOverlay"]

_DIM = 0.35
_GOOD, _CARE = BAND_COLOURS[Band.OK], BAND_COLOURS[Band.WATCH]
_MOST_SETS = 4


class CoachOverlay:
    """Draws on the frames of one live session.

    Parameters
    ----------
    exercise : Exercise
    mirror, reduced_accuracy : bool
        As of ``Overlay``.
    keys : str
        What the keys do; nothing where there is no window.
    """

    def __init__(
        self,
        exercise: Exercise,
        *,
        mirror: bool = False,
        reduced_accuracy: bool = False,
        keys: str = "",
    ) -> None:
        self._exercise = exercise
        self._keys = keys
        self._strip = Strip()
        self.reduced_accuracy = reduced_accuracy
        self._letters = Lettering()
        self._set = Overlay(
            exercise,
            mirror=mirror,
            reduced_accuracy=reduced_accuracy,
            letters=self._letters,
            strip=STRIP,
        )
        self._steps: Mapping[Step, Callable[[Image, SessionUpdate], None]] = {
            Step.SETUP: self._draw_set_up,
            Step.READY: self._draw_set_up,
            Step.COUNTDOWN: self._draw_countdown,
            Step.REST: self._draw_rest,
            Step.PAUSED: self._draw_paused,
            Step.SUMMARY: self._draw_summary,
            Step.DONE: self._draw_summary,
        }

    def draw(self, image: Image, poses: PoseSeries, update: Update) -> Image:
        """Return a new picture (H, W, 3) RGB with everything drawn on it, as ``Overlay.draw``.

        It is higher than ``image`` by a strip for words, so that they never hide the feet.
        """
        if not isinstance(update, SessionUpdate):
            return self._set.draw(image, poses, update)
        image = self._strip.below(image)
        if update.judged is not None:
            # With the roll of the camera, for the level line.
            poses = update.judged
        draw = self._steps.get(update.step)
        if draw is None:
            shown = replace(update, values={}, bands={}) if update.withheld else update
            canvas = self._set.draw(image, poses, shown)
        else:
            canvas = self._set.draw_person(image, poses)
            draw(canvas, update)
        self._draw_keys(canvas)
        return canvas

    def _card(self, canvas: Image, rows: list[Row], at: tuple[float, float]) -> None:
        card(self._letters, canvas, rows, at=at, unit=self._set.unit(canvas))

    def _banner(
        self,
        canvas: Image,
        words: str,
        colour: Colour,
        *,
        largest: float = 64.0,
        share: float | None = None,
    ) -> None:
        unit = self._set.unit(canvas)
        banner(self._letters, canvas, words, colour, largest=largest, share=share, unit=unit)

    def _draw_set_up(self, canvas: Image, update: SessionUpdate) -> None:
        rows = [Row(self._exercise.title, 28, bold=True), *map(_row_of, update.ticks)]
        where = self._exercise.setup.partition(". ")[0]
        rows += self._wrapped(f"{where}. {say('safety')}", 17, canvas, room=0.3)
        self._card(canvas, rows, at=(0.0, 0.0))
        missing = any(tick.passed is False for tick in update.ticks)
        share = update.hand if update.hand else None
        words = str(update.message or "")
        colour = TO_DO if missing or update.step is Step.SETUP else _GOOD
        self._banner(canvas, words, colour, largest=56.0, share=share)
        if update.countdown_s:
            self._draw_number(canvas, update.countdown_s, (1.0, 0.0))

    def _draw_number(self, canvas: Image, seconds: float, at: tuple[float, float]) -> None:
        whole = math.ceil(seconds)
        words = str(whole) if whole < 60 else f"{whole // 60}:{whole % 60:02d}"
        self._card(canvas, [Row(words, 190, bold=True)], at=at)

    def _draw_countdown(self, canvas: Image, update: SessionUpdate) -> None:
        self._draw_number(canvas, update.countdown_s or 0.0, (1.0, 0.4))
        self._banner(canvas, str(update.message or ""), _GOOD)

    def _draw_rest(self, canvas: Image, update: SessionUpdate) -> None:
        _dim(canvas)
        self._draw_number(canvas, update.countdown_s or 0.0, (0.5, 0.3))
        last = update.finished[-1] if update.finished else None
        if last is not None:
            lines = [Row(str(line), 30) for line in summary_lines(self._exercise, last)[1:]]
            if update.fading is not Fading.EVERY:
                lines.append(Row(str(say(f"fading.{update.fading.value}")), 26, _GOOD))
            self._card(canvas, lines, at=(0.0, 0.0))
        self._card(canvas, [Row(str(say("rest.skip")), 26, SOFT)], at=(0.5, 0.7))
        self._banner(canvas, str(update.message or ""), TO_DO, share=update.hand or None)

    def _draw_paused(self, canvas: Image, update: SessionUpdate) -> None:
        _dim(canvas)
        title = str(say("step.paused"))
        self._card(canvas, [Row(title, 110, bold=True)], at=(0.5, 0.36))
        words = str(update.message or "")
        if words.rstrip(".") != title:
            self._banner(canvas, words, _CARE, largest=54.0)

    def _draw_summary(self, canvas: Image, update: SessionUpdate) -> None:
        _dim(canvas)
        rows = [Row(self._exercise.title, 40, bold=True)]
        for result in update.finished[-_MOST_SETS:]:
            head, *lines = summary_lines(self._exercise, result)
            rows.append(Row(str(head), 36, _GOOD, bold=True))
            for line in lines:
                rows += self._wrapped(str(line), 32, canvas)
        rows += self._wrapped(INTENDED_USE, 18, canvas)
        self._card(canvas, rows, at=(0.5, 0.22))
        self._banner(canvas, str(update.message or ""), _GOOD, share=update.hand or None)

    def _wrapped(self, words: str, size: float, canvas: Image, room: float = 0.8) -> list[Row]:
        unit = self._set.unit(canvas)
        lines = self._letters.wrap(words, round(size * unit), round(room * canvas.shape[1]))
        return [Row(line, size, SOFT if size < 20 else WHITE) for line in lines]

    def _draw_keys(self, canvas: Image) -> None:
        """Write what the keys do along the lower edge: for whoever sits in front of them."""
        if not self._keys:
            return
        size = round(14 * self._set.unit(canvas))
        sprite = self._letters.text(self._keys, size, SOFT)
        left = 0.5 * (canvas.shape[1] - sprite.width)
        paste(canvas, sprite, left, canvas.shape[0] - 1.15 * sprite.height)


def _row_of(tick: Tick) -> Row:
    """Return a tick's line: done, to be done, not known yet; told by sign and colour."""
    if tick.passed is None:
        sign = "…" if tick.is_measured else "–"
        return Row(str(tick.name), 23, SOFT, sign=sign, sign_colour=SOFT)
    if tick.passed:
        return Row(str(tick.name), 23, sign=BAND_SIGNS[Band.OK], sign_colour=_GOOD)
    return Row(str(tick.name), 23, bold=True, sign=BAND_SIGNS[Band.FAULT], sign_colour=_CARE)


def _dim(canvas: Image) -> None:
    cv2.convertScaleAbs(canvas, dst=canvas, alpha=_DIM)

"""The picture a person sees while moving: lines on the body, one number, one cue, the count.

The overlay repeats what ``Update`` says and judges nothing. Everything that must be read from
2.5 m away is large; nothing is told by colour alone.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from glutecam.core.assessment import Band, Phase, Side, Update
from glutecam.core.baseline import QUIET_S
from glutecam.core.coaching import SessionUpdate, Step
from glutecam.core.landmarks import Landmark
from glutecam.core.measures import FOOT_SEPARATION, FPPA, TRUNK_LEAN
from glutecam.core.poses import FloatArray, PoseSeries
from glutecam.core.rules import Exercise, Posture
from glutecam.core.session_wording import say
from glutecam.core.wording import BAND_SIGNS, BAND_WORDS, INTENDED_USE
from glutecam.display import body
from glutecam.display.lettering import Colour, Lettering, Sprite, paste
from glutecam.display.panels import BAND_COLOURS, INK, SOFT, WHITE, banner
from glutecam.display.prompt import Prompt
from glutecam.display.readout import Readout, band_of, readout
from glutecam.display.view import Image

__all__ = ["Overlay"]

_KNEES = (Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE)
_ANKLES = (Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE)
_WAITING = (Phase.LOOKING, Phase.HOLD_STILL)
_WIDE = 1.5
"""Width over height from which a standing body leaves the lower left corner free."""


class Overlay:
    """Draws on frames of one session.

    Parameters
    ----------
    exercise : Exercise
        Gives title, cues and the number to show.
    mirror : bool
        Flip the picture as a mirror would; text stays readable, sides stay the subject's.
    reduced_accuracy : bool
        Show that a model with less accuracy is at work.
    panels : bool
        False draws the lines on the body only, for pictures that have a caption of their own.
    letters : Lettering, optional
        Shared with whoever else draws on the same pictures.
    strip : float
        Height of a strip for words that was added below the picture, in heights of the picture.
    counts : bool
        False leaves the number of repetitions out: in a refused recording it is no result.
    """

    def __init__(
        self,
        exercise: Exercise,
        *,
        mirror: bool = False,
        reduced_accuracy: bool = False,
        panels: bool = True,
        letters: Lettering | None = None,
        strip: float = 0.0,
        counts: bool = True,
    ) -> None:
        self._strip = strip
        self._counts = counts
        self._panels = panels
        self._exercise = exercise
        self._mirror = mirror
        self._reduced = reduced_accuracy
        self._letters = letters or Lettering()
        self._prompt = Prompt(exercise, counts=counts)

    def draw(self, image: Image, poses: PoseSeries, update: Update) -> Image:
        """Return a new picture (H, W, 3) RGB with everything drawn on it.

        Parameters
        ----------
        image : (H, W, 3) uint8
            RGB, never mirrored; left as it is.
        poses : PoseSeries
            T = 1, in pixels of ``image``.
        update : Update
            What the analyzer says about this frame.
        """
        canvas = np.ascontiguousarray(cv2.flip(image, 1) if self._mirror else image.copy())
        unit = self.unit(canvas)
        points = self._points(poses, canvas.shape[1])
        shown = readout(self._exercise, update)
        self._draw_body(body.Pencil(canvas, unit), points, poses.camera_roll_deg, update, shown)
        if self._panels:
            self._draw_panels(canvas, unit, update, shown)
        return canvas

    def unit(self, canvas: Image) -> float:
        """Return the scale of lines and letters: 1 for a 720p picture, whatever stands below it."""
        height, width = canvas.shape[:2]
        return float(min(height / (1.0 + self._strip), width)) / 720.0

    def draw_person(self, image: Image, poses: PoseSeries) -> Image:
        """Return a new picture with the limbs drawn on it and nothing else; as ``draw``."""
        canvas = np.ascontiguousarray(cv2.flip(image, 1) if self._mirror else image.copy())
        points = self._points(poses, canvas.shape[1])
        body.skeleton(body.Pencil(canvas, self.unit(canvas)), points)
        return canvas

    def _draw_panels(
        self, canvas: Image, unit: float, update: Update, shown: Readout | None
    ) -> None:
        header = self._draw_header(canvas, unit, update)
        count = self._draw_count(canvas, unit, update)
        banner = self._draw_banner(canvas, unit, update)
        if self._strip:
            # What stands above the banner keeps its place while the banner comes and goes.
            banner = min(banner, canvas.shape[0] / (1.0 + self._strip))
        if update.phase in _WAITING:
            rows = self._intended_use(canvas.shape[1], unit)
            self._draw_column(canvas, unit, rows, SOFT, (*header, count, banner))
        elif shown is not None:
            rows = self._readout(shown, unit)
            self._draw_column(
                canvas, unit, rows, _line_colour(shown.band), (*header, count, banner)
            )

    def _points(self, poses: PoseSeries, width: int) -> FloatArray:
        """(33, 2) where to draw; hardly visible points are NaN."""
        points: FloatArray = body.visible(poses.image_px[0], poses.visibility[0])
        if self._mirror:
            points[:, 0] = width - 1 - points[:, 0]
        return points

    def _draw_body(
        self,
        pencil: body.Pencil,
        points: FloatArray,
        roll_deg: float,
        update: Update,
        shown: Readout | None,
    ) -> None:
        body.skeleton(pencil, points)
        lean = band_of(self._exercise, update, TRUNK_LEAN)
        self._mark(pencil, body.trunk(pencil, points, _line_colour(lean)), lean)
        if update.side is not None and update.side_known:
            knee_band = band_of(self._exercise, update, FPPA)
            knee = body.worked_leg(pencil, points, update.side, _line_colour(knee_band))
            self._mark(pencil, knee, knee_band)
        if self._lying:
            self._draw_opening(pencil, points, update)
        self._draw_pelvis(pencil, points, roll_deg, update.side, shown)

    @property
    def _lying(self) -> bool:
        return self._exercise.posture is not Posture.STANDING

    def _draw_opening(self, pencil: body.Pencil, points: FloatArray, update: Update) -> None:
        """Draw how far the knees are open, and whether the feet stay together."""
        body.gap(pencil, points, _KNEES, SOFT)
        feet = band_of(self._exercise, update, FOOT_SEPARATION)
        middle = body.gap(pencil, points, _ANKLES, _line_colour(feet))
        self._mark(pencil, middle, feet)

    def _draw_pelvis(
        self,
        pencil: body.Pencil,
        points: FloatArray,
        roll_deg: float,
        side: Side | None,
        shown: Readout | None,
    ) -> None:
        reach = _hip_reach(points)
        if not math.isfinite(reach):
            return
        colour = _line_colour(shown.band if shown else None)
        # Turning the picture clockwise makes it upright: its level runs the other way.
        level_deg = roll_deg if self._mirror else -roll_deg
        bearing = body.bearing_of_hips(points)
        if self._lying:
            # The roll turns about the line of sight: its ± is no angle in the picture.
            top = body.reference_line(pencil, points, 3.4 * reach, level_deg - 90.0)
            self._label(pencil, "hips stacked", top)
        else:
            if shown is not None:
                if side is not None and math.isfinite(shown.drop_deg):
                    # What is drawn is what the number says, not the line through the hip points.
                    bearing = body.bearing_of_drop(points, side, shown.drop_deg, level_deg)
                width = shown.half_width
                body.doubt_wedge(pencil, points, bearing, width, 2.9 * reach, colour)
            end = body.reference_line(pencil, points, 4.6 * reach, level_deg)
            # A picture without panels is cut to the body: there is no room beyond the line.
            beside = None if self._panels else (points, reach)
            self._label(pencil, "horizontal", end, beside)
        body.pelvis_line(pencil, points, colour, bearing)

    def _label(
        self,
        pencil: body.Pencil,
        words: str,
        at: FloatArray,
        beside: tuple[FloatArray, float] | None = None,
    ) -> None:
        """Write a small word to the right of a point, or as far to the right as there is room.

        ``beside``: points of the body and half the distance of the hips; the word then stands about an
        end of the line through mid-hip, where no arm is.
        """
        largest = 21 * pencil.unit if beside is None else min(21 * pencil.unit, 0.75 * beside[1])
        sprite = self._letters.text(words, max(8, round(largest)), WHITE, bold=True)
        pad = round(5 * pencil.unit)
        width, height = sprite.width + 2 * pad, sprite.height + pad
        left, y = float(at[0]) + 2 * pad, float(at[1]) - 0.5 * height
        if beside is not None:
            left, y = body.clear_of_arms(beside[0], at, beside[1], (width, height))
        x = max(0.0, min(left, float(pencil.canvas.shape[1] - width)))
        paste(pencil.canvas, self._panel(width, height, 0.5 * pencil.unit), x, y)
        paste(pencil.canvas, sprite, x + pad, y + 0.5 * pad)

    def _mark(self, pencil: body.Pencil, at: FloatArray, band: Band | None) -> None:
        """Set a sign beside a line that is not fine, so that colour is not the only message."""
        if band not in (Band.WATCH, Band.FAULT) or not bool(np.isfinite(at).all()):
            return
        size = round(34 * pencil.unit)
        side = round(1.35 * size)
        colour = BAND_COLOURS[band]
        sign = self._letters.text(BAND_SIGNS[band], size, INK, bold=True)
        x, y = float(at[0]) + 0.5 * side, float(at[1]) - 0.5 * side
        paste(pencil.canvas, self._letters.panel(side, side, colour, 1.0, side // 2), x, y)
        inset_x, inset_y = 0.5 * (side - sign.width), 0.5 * (side - sign.height)
        paste(pencil.canvas, sign, x + inset_x, y + inset_y)

    def _draw_header(self, canvas: Image, unit: float, update: Update) -> tuple[float, float]:
        """Top left: exercise, worked leg, reduced accuracy. Returns its right and lower edge."""
        rows: list[tuple[str, int, Colour, bool]] = [
            (self._exercise.title, round(34 * unit), WHITE, True)
        ]
        if update.side is not None and update.side_known and not update.instruction:
            rows.append((f"your {update.side.value} leg works", round(27 * unit), SOFT, False))
        if isinstance(update, SessionUpdate) and update.sets > 1:
            words = str(say("set.of", number=update.set_number, sets=update.sets))
            rows.append((words, round(23 * unit), SOFT, False))
        if self._reduced:
            amber = BAND_COLOURS[Band.WATCH]
            rows.append(("! reduced accuracy (lite model)", round(23 * unit), amber, False))
        sprites = [self._letters.text(*row) for row in rows]
        pad, edge = round(18 * unit), round(20 * unit)
        width = max(sprite.width for sprite in sprites) + 2 * pad
        height = sum(sprite.height for sprite in sprites) + round(1.3 * pad)
        paste(canvas, self._panel(width, height, unit), edge, edge)
        y = edge + round(0.65 * pad)
        for sprite in sprites:
            paste(canvas, sprite, edge + pad, y)
            y += sprite.height
        return float(edge + width), float(edge + height)

    def _draw_count(self, canvas: Image, unit: float, update: Update) -> float:
        """Top right: repetitions, and attempts that did not become one. Returns its left edge."""
        if not self._counts:
            return float(canvas.shape[1])
        count = self._letters.text(str(update.reps), round(118 * unit), WHITE, bold=True)
        word = _word_of_count(update)
        lines = [self._letters.text(word, round(25 * unit), SOFT)]
        if update.attempts:
            words = f"+ {update.attempts} not counted"
            lines.append(self._letters.text(words, round(22 * unit), SOFT))
        pad, edge = round(20 * unit), round(20 * unit)
        width = max(sprite.width for sprite in [count, *lines]) + 2 * pad
        height = round(136 * unit) + sum(line.height for line in lines) + round(0.6 * pad)
        left = canvas.shape[1] - edge - width
        paste(canvas, self._panel(width, height, unit), left, edge)
        paste(canvas, count, left + (width - count.width) / 2, edge)
        y = edge + 134 * unit
        for line in lines:
            paste(canvas, line, left + (width - line.width) / 2, y)
            y += line.height
        return float(left)

    def _readout(self, shown: Readout, unit: float) -> list[Sprite]:
        """Return the one number with its ±, in words and as a sign."""
        colour = _line_colour(shown.band)
        sprites = [self._letters.text(shown.heading, round(29 * unit), SOFT)]
        sprites.append(self._letters.text(shown.number, round(66 * unit), WHITE, bold=True))
        if shown.band is not None:
            # Of this moment, as the number: a cue beside it may be for a fault that is over.
            words = f"now: {BAND_SIGNS[shown.band]} {BAND_WORDS[shown.band]}"
            sprites.append(self._letters.text(words, round(34 * unit), colour, bold=True))
        if shown.detail:
            sprites.append(self._letters.text(shown.detail, round(23 * unit), SOFT))
        return [*sprites, self._letters.text(shown.footnote, round(18 * unit), SOFT)]

    def _intended_use(self, width: int, unit: float) -> list[Sprite]:
        """Return what this is and is not, to be read while nothing is measured yet."""
        size = round(22 * unit)
        lines = self._letters.wrap(INTENDED_USE, size, min(round(420 * unit), round(0.8 * width)))
        return [self._letters.text(line, size, WHITE) for line in lines]

    def _draw_column(
        self,
        canvas: Image,
        unit: float,
        sprites: list[Sprite],
        colour: Colour,
        free: tuple[float, float, float, float],
    ) -> None:
        """Draw lines of text at the left above the banner; on top where the body is there.

        ``free`` is bounded by right and lower edge of the header, left edge of the count, and
        upper edge of the banner, in pixels.
        """
        pad, edge, stripe = round(20 * unit), round(20 * unit), round(9 * unit)
        width = max(sprite.width for sprite in sprites) + 2 * pad + stripe
        height = sum(sprite.height for sprite in sprites) + pad
        air = round(14 * unit)
        left, top = edge, free[3] - height - air
        narrow = canvas.shape[1] * (1.0 + self._strip) < _WIDE * canvas.shape[0]
        if self._lying or narrow:
            beside = self._lying and free[0] + width + 2 * air <= free[2]
            left, top = (round(free[0]) + air, edge) if beside else (edge, free[1] + air)
        paste(canvas, self._panel(width, height, unit), left, top)
        bar = self._letters.panel(stripe, height - pad, colour, 1.0, stripe // 2)
        paste(canvas, bar, left + 0.5 * pad, top + 0.5 * pad)
        y = top + 0.5 * pad
        for sprite in sprites:
            paste(canvas, sprite, left + pad + stripe, y)
            y += sprite.height

    def _draw_banner(self, canvas: Image, unit: float, update: Update) -> float:
        """Bottom: the one thing to do now. Returns the y of its upper edge in pixels."""
        words, colour, largest = self._prompt.words(update)
        share = None
        if isinstance(update, SessionUpdate) and update.step is Step.BASELINE:
            share = 1.0 - min(1.0, (update.countdown_s or 0.0) / QUIET_S)
        room = canvas.shape[0] * (1.0 - 1.0 / (1.0 + self._strip)) if self._strip else math.inf
        return banner(
            self._letters, canvas, words, colour, largest=largest, share=share, unit=unit, room=room
        )

    def _panel(self, width: int, height: int, unit: float) -> Sprite:
        return self._letters.panel(width, height, INK, 0.72, max(1, round(14 * unit)))


def _word_of_count(update: Update) -> str:
    if isinstance(update, SessionUpdate) and update.reps_left is not None:
        return f"of {update.reps + update.reps_left}"
    return "repetition" if update.reps == 1 else "repetitions"


def _line_colour(band: Band | None) -> Colour:
    return SOFT if band is None else BAND_COLOURS[band]


def _hip_reach(points: FloatArray) -> float:
    """Half the distance between the hip points in pixels; NaN where one is not seen."""
    return float(0.5 * np.hypot(*(points[Landmark.LEFT_HIP] - points[Landmark.RIGHT_HIP])))

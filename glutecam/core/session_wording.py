"""Every text of a live session in one catalogue: a key, and its English.

A front end in another language looks the key up in a catalogue of its own and falls back on the
English that the message carries. Words that belong to an exercise, a rule or a gate stay with it;
their keys are ``cue.<code>``, ``praise.<exercise>``, ``gate.<code>`` and ``gate.<code>.name``. The
value ``cue`` of a text is the English of a cue, ``cue_key`` its key; ``side`` is ``left`` or ``right``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from glutecam.core.assessment import Gate, Side, Update
from glutecam.core.keeping_up import SMALLER
from glutecam.core.rules import Exercise, Rule

__all__ = [
    "ENGLISH",
    "Message",
    "asked",
    "cue",
    "do",
    "named",
    "other_leg",
    "praise",
    "say",
    "slow",
]

SLOW = ("do.slow machine", "do.slow machine.lite")
"""Of a machine that is too slow: while a smaller pose model is left, and where it is in use."""
IN_SET = (*SLOW, "do.side.left", "do.side.right")
"""What is asked for in a set in fewer words than the gate has."""

ENGLISH: Mapping[str, str] = {
    # What each step is called, for a title.
    "step.setup": "Getting ready",
    "step.ready": "Ready",
    "step.countdown": "Starting",
    "step.baseline": "Quiet posture",
    "step.reps": "Exercise",
    "step.rest": "Rest",
    "step.paused": "Paused",
    "step.summary": "Summary",
    "step.done": "Finished",
    # Ticks of the set-up check that no gate of the judging asks for.
    "tick.frame": "head to feet in the picture",
    "tick.frame.lying": "whole body in the picture",
    "tick.height": "camera height: check it",
    "tick.light": "enough light",
    # Those that are gates, in fewer words than a report has for them.
    "tick.person": "person found",
    "tick.alone": "alone in the picture",
    "tick.distance": "near enough",
    "tick.visibility": "joints well seen",
    "tick.level": "camera level",
    "tick.camera stands": "camera stands still",
    "tick.sharp": "picture in focus",
    "tick.frame rate": "enough pictures a second",
    # What to do about them. Left and right are the subject's own.
    "do.person": "Come into the picture, head to feet.",
    "do.frame.below": "Your feet are cut off: move back, or tilt the camera down.",
    "do.frame.above": "Your head is cut off: move back, or tilt the camera up.",
    "do.frame.both": "Move back until head and feet are in the picture.",
    "do.frame.left": "Move to your left.",
    "do.frame.right": "Move to your right.",
    "do.frame.wide": "Move back until your whole body is in the picture.",
    "do.light.dark": "It is too dark: turn on more light.",
    "do.light.bright": "The picture is too bright: turn the camera away from the light.",
    "do.slow machine": "This computer is too slow: close other programs, or start glutecam again with the lite model.",
    # Where the lite model is in use already.
    "do.slow machine.lite": "This computer is too slow: close other programs.",
    "do.frame rate": "Too few pictures a second: turn on more light, and close other programs.",
    # In the middle of a set.
    "do.side.left": "Change legs: this set is for your left leg.",
    "do.side.right": "Change legs: this set is for your right leg.",
    "do.hold": "Good. Stay there.",
    # The course of a session.
    "ready.hand": "Ready. Raise one hand above your head for two seconds to begin.",
    "ready.hand.lying": "Ready. Stretch one arm up to the ceiling for two seconds to begin.",
    "ready.hold": "Keep your hand up …",
    "timer.wait": "Get into place: {seconds} s",
    "countdown": "Starting in {seconds}",
    "countdown.hand": "Hand down. Starting in {seconds}",
    "baseline": "Stand still on both feet.",
    "baseline.set-up": "Hold still in the starting position.",
    "baseline.lying": "Lie still in the starting position.",
    "begin": "Begin.",
    "begin.side": "Begin, {side} leg.",
    "set.of": "set {number} of {sets}",
    "set.over": "Set finished.",
    "set.faults": "That is enough for this set: the last repetitions were not clean any more.",
    "rest.side": "Rest. Next: your {side} leg.",
    "rest.set": "Rest. Next: set {number} of {sets}.",
    "rest.skip": "Raise a hand for two seconds to go on at once.",
    "summary": "Finished. {reps} repetitions, {clean} without a fault.",
    "summary.one": "Finished. One repetition.",
    "summary.one.clean": "Finished. One repetition, without a fault.",
    "summary.one.part": "Finished. One repetition, without a fault in what was judged.",
    "summary.part": "Finished. {reps} repetitions, without a fault in what was judged.",
    "summary.no-fault": "Finished. {reps} repetitions without a fault.",
    "summary.mixed": (
        "Finished. {reps} repetitions: {clean} without a fault, {faulty} with one,"
        " {untold} that cannot be told."
    ),
    "summary.unsure": "Finished. {reps} repetitions; whether they were without a fault cannot be told.",
    "summary.refused": "Finished. The set could not be assessed.",
    "summary.none": "Finished. No whole repetition was seen.",
    "summary.often": "Most often: {cue}",
    "summary.close": "Raise a hand for two seconds to close.",
    "sum.set": "Set",
    "sum.left": "Left leg",
    "sum.right": "Right leg",
    "sum.reps": "{reps} repetitions, {clean} without a fault",
    "sum.reps.one": "one repetition",
    "sum.reps.one.clean": "one repetition, without a fault",
    "sum.reps.one.part": "one repetition, without a fault in what was judged",
    "sum.reps.part": "{reps} repetitions, without a fault in what was judged",
    "sum.reps.no-fault": "{reps} repetitions without a fault",
    "sum.reps.mixed": (
        "{reps} repetitions: {clean} without a fault, {faulty} with one, {untold} that cannot be told"
    ),
    "sum.reps.unsure": "{reps} repetitions; whether they were without a fault cannot be told",
    "sum.reps.refused": "could not be assessed",
    "sum.reps.none": "no whole repetition",
    "sum.attempts": "{attempts} not counted",
    "sum.often": "{times} x {cue}",
    "sum.refused": "{why}",
    "pain": "Stopped because of pain. Stop for today. See a clinician if it is sharp, sudden or stays.",
    "paused": "Paused.",
    "paused.camera": "The camera is gone. Check its cable or its connection: it goes on by itself.",
    "safety": "Keep something to hold within reach. Stop if pain is sharp or sudden.",
    # Keys of the desktop window.
    "keys": "space: start, pause   n: next   x: pain, stop   f: full screen   q: quit",
    # What becomes of feedback as the person masters the movement.
    "fading.every": "cues in every repetition",
    "fading.alternate": "well done: cues in every other repetition",
    "fading.summary": "well done: cues after the set only",
    "side.left": "left",
    "side.right": "right",
}  # fmt: skip


@dataclass(frozen=True)
class Message:
    """One text: its key in a catalogue, what is filled in, and the English that comes of it."""

    key: str
    english: str
    values: Mapping[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.english


def say(key: str, **values: str | int) -> Message:
    """Return a text of the catalogue with its values filled in.

    Raises
    ------
    KeyError
        Where the catalogue has no such key, or the text asks for a value that is not given.
    """
    return Message(key, ENGLISH[key].format(**values), values)


def do(gate: Gate) -> Message:
    """Return what a gate asks for: in the catalogue's few words where it has some."""
    key = f"do.{gate.code}"
    return say(key) if key in ENGLISH else Message(f"gate.{gate.code}", gate.instruction)


def slow(faster: Sequence[str]) -> Message:
    """Return what to do on a machine that is too slow, by the ways that are still open."""
    return say(SLOW[SMALLER not in faster])


def other_leg(side: Side) -> Message:
    """Return what to do where another leg works than the one that was asked for."""
    return say(f"do.side.{side.value}")


def asked(update: Update) -> Message:
    """Return what an update's gate asks for."""
    words = update.instruction or ""
    key = next((key for key in IN_SET if ENGLISH[key] == words), f"gate.{update.gate}")
    return Message(key, words)


def named(gate: Gate) -> Message:
    """Return what a gate is called in a list of ticks: in the catalogue's words where it has some."""
    key = f"tick.{gate.code}"
    return say(key) if key in ENGLISH else Message(f"gate.{gate.code}.name", gate.name)


def cue(rule: Rule) -> Message:
    """Return the cue of a rule."""
    return Message(f"cue.{rule.code}", rule.cue)


def praise(exercise: Exercise) -> Message:
    """Return what is said after a clean repetition."""
    return Message(f"praise.{exercise.name}", exercise.praise)

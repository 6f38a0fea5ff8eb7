"""What may be set, as typed values: Settings, and the Clinic in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from glutecam.errors import SettingsError

if TYPE_CHECKING:
    from glutecam.core.rules import Exercise

__all__ = ["MOST_DAYS", "TABLES", "Clinic", "Settings"]

MOST_DAYS = 36500
"""A hundred years."""


class Clinic(BaseModel):
    """Whose reports these are.

    Attributes
    ----------
    name : str
    logo : str
        A PNG, JPEG or SVG; in a settings file relative to that file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str = ""
    logo: str = ""


class Settings(BaseModel):
    """What may be set once for all sessions.

    Attributes
    ----------
    model : str
        Pose model: ``full``, ``heavy`` or ``lite``.
    side : str
        The worked leg: ``auto``, ``left`` or ``right``.
    strict : bool
        Judge with the narrower bands.
    voice, mirror, window : bool
        Live: speak cues, show the picture as a mirror, open a window.
    tones, hum : bool
        Live: short tones, and a tone whose pitch falls with the pelvis.
    full_screen : bool
        Live: begin with the whole screen; a file is played in a window.
    fade : bool
        Live: cues become rarer as repetitions become clean.
    camera : int or str
        Number of the webcam, or the address of a network camera.
    filter : str
        For recordings: ``zero-phase`` or ``causal``. Live there is no choice but ``causal``.
    pelvis : str
        How the pelvis is measured: by the trained ``model``, or ``raw`` from the two hip points.
    count_people : bool
        Look for further people, at the price of speed.
    follow : str
        Whom to keep to among several people: ``auto``, ``largest``, ``left``, ``right``, ``moving``
        or a place in pixels such as ``640,300``.
    save : bool
        Live: keep the numbers of each set in the history.
    history : str
        Where that is: a file or the address of a database; empty for the user's data folder.
    subject : str
        Whose sets they are, a pseudonym.
    faces : str
        In every picture that is written: ``hide``, or ``keep`` where everybody agreed.
    consent : bool
        The subject agreed that sets are kept; noted with each of them.
    retention_days : int
        Sets older than this are deleted by ``history purge``, to 36500; 0: none by itself.
    audience : str
        In whose words: ``coach`` for whoever exercises, ``clinician`` for measurements and the
        published sheet.
    units : str
        Of lengths and weights in texts: ``metric`` or ``imperial``. Angles are degrees.
    database : str
        Batch: a file or the address of a database that takes the results too; empty for none.
    clinic : Clinic
        Name and logo on reports and dashboards.
    bands : dict of str to dict of str to float
        Edges of one's own by the code of a rule: ``ok`` and ``fault`` of a fault that lasts,
        ``low``, ``high`` and ``margin`` of one of a whole repetition.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, protected_namespaces=())

    model: str = "full"
    side: Literal["auto", "left", "right"] = "auto"
    strict: bool = False
    voice: bool = True
    mirror: bool = True
    window: bool = True
    tones: bool = True
    hum: bool = False
    full_screen: bool = True
    fade: bool = True
    camera: int | str = 0
    filter: Literal["zero-phase", "causal"] = "zero-phase"
    pelvis: Literal["model", "raw"] = "model"
    count_people: bool = True
    follow: str = "auto"
    save: bool = True
    history: str = ""
    subject: str = "me"
    faces: Literal["hide", "keep"] = "hide"
    consent: bool = False
    retention_days: int = Field(default=0, ge=0, le=MOST_DAYS)
    audience: Literal["coach", "clinician"] = "coach"
    units: Literal["metric", "imperial"] = "metric"
    database: str = ""
    clinic: Clinic = Clinic()
    bands: dict[str, dict[str, float]] = Field(default_factory=dict)

    def exercise(self, name: str) -> Exercise:
        """Return an exercise as these settings have it: how the pelvis is measured, edges, units.

        Raises
        ------
        UnknownExerciseError, SettingsError
            Naming the nearest exercise, or the edge that cannot be.
        """
        from glutecam import exercises
        from glutecam.core.own_bands import with_own_bands
        from glutecam.core.pelvis import measured_by
        from glutecam.core.units import in_units

        plain = in_units(exercises.get(name), self.units)
        return with_own_bands(measured_by(plain, self.pelvis), self.bands)

    @property
    def named_subject(self) -> str | None:
        """Whose the sets are; None where nobody was named."""
        nobody = type(self).model_fields["subject"].default
        return None if self.subject == nobody else self.subject

    def over(self, **options: object) -> Settings:
        """Return the settings with every option that was given, that is, is not None.

        Raises
        ------
        SettingsError
            Naming the option and what it may be.
        """
        given = {name: value for name, value in options.items() if value is not None}
        return type(self).checked({**self.model_dump(), **given}, "the command line")

    @classmethod
    def checked(cls, values: Mapping[str, Any], origin: str) -> Settings:
        """Return the settings that these values are.

        Parameters
        ----------
        values : mapping of str to anything
        origin : str
            Where they stand, as errors name it.

        Raises
        ------
        SettingsError
            Naming the key, what it may be and the nearest that there is.
        """
        from glutecam.settings.refusals import check_bands, refusal

        try:
            settings = cls.model_validate(values)
        except ValidationError as err:
            raise SettingsError(refusal(err, origin)) from err
        check_bands(settings.bands, origin)
        return settings


TABLES: Mapping[str, Mapping[str, FieldInfo]] = {"clinic": Clinic.model_fields}
"""Settings that are tables, and what stands in each."""

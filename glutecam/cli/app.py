"""The program: its verbs, its first page of help, and how errors reach people."""

from __future__ import annotations

import os
import re
import sys
import traceback
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from glutecam.cli.batch import batch
from glutecam.cli.doctor import doctor
from glutecam.cli.explain import explain
from glutecam.cli.export import export
from glutecam.cli.first_run import say_once
from glutecam.cli.history import history
from glutecam.cli.live import live
from glutecam.cli.models import models
from glutecam.cli.program import program
from glutecam.cli.score import score
from glutecam.cli.serve import serve
from glutecam.cli.settings import settings
from glutecam.cli.terminal import (
    FILES_KEPT,
    INTERRUPTED,
    STOPPED,
    fail,
    note,
    stdout_for_any_terminal,
)
from glutecam.cli.track import track
from glutecam.errors import GlutecamError, nearest

__all__ = ["app", "main"]

DEBUG_VARIABLE = "GLUTECAM_DEBUG"

WELCOME = """\
glutecam checks whether the pelvis stays level: step-down, single-leg squat,
clamshell and eleven more exercises, from an ordinary camera. Feedback on
movement, not a diagnosis.

Start here:

  glutecam live step-down                      exercise in front of the webcam
  glutecam serve                               the same in the browser
  glutecam score clip.mp4 --exercise step-down
                                               judge one recorded video
  glutecam explain                             all exercises; or name one
  glutecam program start                       train with it, step by step
  glutecam history                             what was kept: is it better?

Also: track, batch, export, settings, models. Examples: glutecam VERB --help
If something does not work: glutecam doctor\
"""


SHOWS_RESULTS = ("live", "score", "batch", "program", "serve")
"""Verbs before which the intended use is said, the first time."""

WRITES_FILES = ("score", "track", "batch", "export")
"""Verbs of which some files may be finished when Ctrl-C comes; ``live`` knows it, and says it itself."""


class Verbs(TyperGroup):
    """Turns the errors that glutecam raises on purpose into one message and an exit code."""

    def make_context(self, *args: Any, **more: Any) -> Any:
        """Read the command line; Ctrl-C meanwhile would end the program without a word."""
        try:
            return super().make_context(*args, **more)
        except KeyboardInterrupt as err:
            fail(STOPPED)
            raise typer.Exit(INTERRUPTED) from err

    def invoke(self, ctx: Any) -> Any:
        """Run a verb."""
        try:
            return super().invoke(ctx)
        except GlutecamError as err:
            if ctx.params.get("debug"):
                note(traceback.format_exc())
            fail(str(err))
            raise typer.Exit(err.exit_code) from err
        except typer.BadParameter as err:
            err.message = _plainly(err.message)
            raise
        except KeyboardInterrupt as err:
            wrote = ctx.invoked_subcommand in WRITES_FILES
            fail(f"{STOPPED} {FILES_KEPT}" if wrote else STOPPED)
            raise typer.Exit(INTERRUPTED) from err


def _plainly(message: str) -> str:
    """Take a library's own words out of what is wrong with an option, and offer the nearest value."""
    message = message.removeprefix("Value error, ")
    wrong, sign, right = message.partition(" is not one of ")
    near = nearest(wrong.strip("'\""), re.findall(r"'([^']+)'", right)) if sign else None
    return f"{message} Did you mean '{near}'?" if near else message


# Plain help: no boxes, readable in every terminal and in a file.
app = typer.Typer(
    name="glutecam",
    cls=Verbs,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from glutecam import __version__

        typer.echo(f"glutecam {__version__}")
        raise typer.Exit


@app.callback()
def welcome(
    ctx: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", envvar=DEBUG_VARIABLE, help="Show where an error came from.")
    ] = False,
) -> None:
    """Check whether the pelvis stays level in exercises of the hip, before one camera.

    Angles are estimates from one camera. Movement feedback, not a diagnosis.
    """
    if ctx.invoked_subcommand is None:
        typer.echo(WELCOME)
    elif ctx.invoked_subcommand in SHOWS_RESULTS:
        say_once()


app.command()(live)
app.command()(serve)
app.command()(score)
app.command()(track)
app.command()(batch)
app.command()(export)
app.command()(explain)
app.add_typer(program, name="program")
app.add_typer(history, name="history")
app.add_typer(settings, name="settings")
app.add_typer(models, name="models")
app.command()(doctor)


def main() -> None:
    """Run the program."""
    # Read by MediaPipe's libraries; what they log at start is of no use to people here.
    os.environ.setdefault("GLOG_minloglevel", "2")
    # By OpenCV's FFmpeg: what it says of an address where no camera answers, the error says better.
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    stdout_for_any_terminal(sys.stdout)
    stdout_for_any_terminal(sys.stderr)
    app(prog_name="glutecam")

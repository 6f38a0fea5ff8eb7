"""The page of the command line, from the program's own verbs and options."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from glutecam import errors

NOTE = "<!-- Made by docs/generate.py from the program itself. Do not edit: run `make docs`. -->"


def cell(text: str) -> str:
    """Keep a table together whatever the text holds."""
    return " ".join(text.split()).replace("|", "\\|")


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    titles = list(head)
    yield "| " + " | ".join(titles) + " |"
    yield "|" + "---|" * len(titles)
    for row in rows:
        yield "| " + " | ".join(cell(text) for text in row) + " |"


def cli_page() -> str:
    """Return the page of the command line."""
    lines = [
        NOTE, "", "# Command line", "",
        "`glutecam` alone prints where to start, `glutecam VERB --help` prints what is here.",
        "Options on the command line win over `glutecam.toml`, which wins over the defaults.", "",
    ]  # fmt: skip
    program = command_tree()
    lines += options_table(program)
    for path, command in verbs(program):
        lines += ["", *verb_section(path, command)]
    lines += ["", "## Exit codes", "", *exit_codes()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"


def command_tree() -> Any:
    """Return the program as a tree of commands."""
    import typer

    from glutecam.cli import app

    return typer.main.get_command(app)


def verbs(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Yield every verb with its words."""
    for name, child in command.commands.items():
        words = (*path, name)
        if hasattr(child, "commands"):
            yield from verbs(child, words)
        else:
            yield " ".join(words), child


def is_argument(parameter: Any) -> bool:
    """Return whether it is given by its place and not by a name."""
    return not parameter.opts[0].startswith("-")


def verb_section(path: str, command: Any) -> Iterator[str]:
    """Yield the section of one verb."""
    text, _, examples = (command.help or "").partition("\b")
    arguments = [p for p in command.params if is_argument(p)]
    usage = [p.name.upper() for p in arguments]
    if len(arguments) < len(command.params):
        usage.append("[OPTIONS]")
    yield f"## glutecam {path}"
    yield ""
    yield "    " + " ".join(["glutecam", path, *usage])
    yield ""
    for paragraph in text.strip().split("\n\n"):
        yield " ".join(paragraph.split())
        yield ""
    for parameter in arguments:
        yield f"- `{parameter.name.upper()}`: {' '.join((parameter.help or '').split())}"
    if arguments:
        yield ""
    lines = [line.strip() for line in examples.strip().splitlines()[1:] if line.strip()]
    if lines:
        yield from ("```sh", *map(shell_line, lines), "```", "")
    yield from options_table(command)


def shell_line(line: str) -> str:
    """Turn the remark in brackets behind an example into a comment of the shell."""
    return re.sub(r"\s{2,}\((.*)\)$", r"    # \1", line)


def options_table(command: Any) -> Iterator[str]:
    """Yield the options of a verb."""
    named = [p for p in command.params if not is_argument(p) and not hidden(p)]
    if not named:
        return
    rows = ((option_names(p), " ".join((p.help or "").split())) for p in named)
    yield from table(("option", "what it does"), rows)


def hidden(parameter: Any) -> bool:
    """Return whether help leaves it out, or it is Typer's own."""
    return bool(parameter.hidden) or parameter.name in ("install_completion", "show_completion")


def option_names(parameter: Any) -> str:
    """Return every way of writing an option."""
    names = [*parameter.opts, *parameter.secondary_opts]
    value = "" if parameter.is_flag else f" {parameter.name.upper()}"
    return ", ".join(f"`{name}{value}`" for name in names) + (
        " (required)" if parameter.required else ""
    )


def exit_codes() -> Iterator[str]:
    """Yield the table of exit codes."""
    from glutecam.cli.batch import FAILED
    from glutecam.cli.terminal import INTERRUPTED, REFUSED

    yield from table(
        ("code", "meaning", "errors"),
        (
            ("0", "done", ""),
            ("1", "something that glutecam did not foresee", "`GlutecamError`"),
            ("2", "the input, an option or an output can be mended", kinds(errors.InputError)),
            ("3", "this machine can be mended", kinds(errors.EnvironmentProblem)),
            (
                str(FAILED),
                "a batch is done, but some of its clips failed; with `--dry-run`: would fail",
                "",
            ),
            (
                str(REFUSED),
                "`score`: no set of the recording could be judged, and what to change is said; all files "
                "that were wanted are written. `live`, where whoever exercises sees it, ends with 0, "
                "and so does `batch`: there it is a row of the table",
                "",
            ),
            (
                str(INTERRUPTED),
                "stopped early with Ctrl-C (batch: or SIGTERM); what was done is kept. `live` and "
                "`serve` have no end of their own: once they have begun, Ctrl-C ends them with 0",
                "",
            ),
        ),
    )
    yield ""
    yield "Every message says what happened, why, and what to do. `glutecam --debug VERB ...` also"
    yield "shows where it came from. A person who cannot be seen well is no error: the verdict is"
    yield "then *not assessable*, with the one thing to change, and of `score` the exit code 5."


def kinds(base: type[errors.GlutecamError]) -> str:
    """Return the names of all errors that end with the exit code of one."""
    every = [errors.GlutecamError]
    for kind in every:
        every += kind.__subclasses__()
    found = [kind for kind in every if kind.exit_code == base.exit_code and kind is not base]
    return ", ".join(f"`{kind.__name__}`" for kind in found)

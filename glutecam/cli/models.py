"""``glutecam models``: which pose models there are, and fetching one."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["models"]

models = typer.Typer(
    help="List the pose models, or fetch one.",
    rich_markup_mode=None,
    invoke_without_command=True,
)


@models.callback()
def _list_alone(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        list_()


@models.command("list")
def list_() -> None:
    """List the pose models and which of them are on this machine.

    \b
    Example:
      glutecam models list
    """
    from glutecam.capture.weights import list_models

    for model in list_models():
        state = "here" if model.present else "not here"
        typer.echo(f"{model.name:<6} {state:<9} {model.size / 1e6:5.1f} MB  {model.summary}")
        if model.present:
            typer.echo(f"       {model.path}")
    missing = [model.name for model in list_models() if not model.present]
    if missing:
        typer.echo(f"To fetch one: glutecam models pull {missing[0]}")


@models.command()
def pull(name: Annotated[str, typer.Argument(help="lite, full or heavy.")]) -> None:
    """Fetch a pose model and check it; nothing is fetched where it is here already.

    \b
    Examples:
      glutecam models pull full
      glutecam models pull heavy
    """
    from glutecam.cli.modelfile import fetched

    path = fetched(name)
    typer.echo(f"The pose model '{name}' is here: {path}")

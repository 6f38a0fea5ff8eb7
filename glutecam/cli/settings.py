"""``glutecam settings``: what holds here, and where it comes from."""

from __future__ import annotations

import typer

from glutecam.cli import options

__all__ = ["settings"]

settings = typer.Typer(
    help="Show the settings that hold here.",
    rich_markup_mode=None,
    invoke_without_command=True,
)

WIDTH = 28


@settings.callback()
def _show_alone(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        show()


@settings.command()
def show(set_: options.Set = None, config: options.Config = None) -> None:
    """Show every setting, its value and where that comes from, as a settings file has them.

    \b
    Examples:
      glutecam settings show
      glutecam settings show --set model=heavy        (would this be understood?)
      glutecam settings show > glutecam.toml
    """
    from glutecam.settings import assigned, load_settings, read_settings, toml_lines

    found = read_settings(config)
    origin = dict.fromkeys(found[1], str(found[0])) if found else {}
    origin |= dict.fromkeys(assigned(set_ or ()), "--set")
    for key, line in toml_lines(load_settings(config, set_)).items():
        typer.echo(f"{line:<{WIDTH - 1}} # {origin.get(key, 'default')}")

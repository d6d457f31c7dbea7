"""`trifold cancel`: take away the locks of a run that is gone."""

import os

import typer

from trifold.cli.stack import FOLDER, STACK


def register(app: typer.Typer) -> None:
    app.command("cancel", help="Unlock a stack whose run is gone.")(cancel)


def cancel(
    name: str = typer.Argument("", help="The stack's name."),
    stack: str = STACK,
    folder: str = FOLDER,
    yes: bool = typer.Option(False, "--yes", "-y", help="Do not ask."),
) -> None:
    """Unlock a stack whose run is gone."""
    from trifold.cli.engine_run import find_place, find_stack, unconfirmed

    found = find_stack(find_place(folder, name or stack, start=False), name or stack)
    text = f"This will irreversibly cancel the currently running update for '{found.name}'. Go on?"
    if not yes and not (os.isatty(0) and typer.confirm(text)):
        raise unconfirmed("--yes")
    found.files.unlock()
    with found.locked(preview=False):  # what a killed run left in its journal is in the state file from here on
        pass
    print(f"The currently running update for '{found.name}' has been canceled!")

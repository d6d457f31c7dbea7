"""`trifold state`: change what a stack's state says, without touching what it speaks of."""

import os

import typer

from trifold.cli.stack import FOLDER, STACK
from trifold.errors import UserError

app = typer.Typer(help="Edit a stack's state.", no_args_is_help=True)
URNS = typer.Argument(None, help="The resources' URNs.")
ALL = typer.Option(False, "--all", help="All resources of the stack.")
YES = typer.Option(False, "--yes", "-y", help="Do not ask.")


@app.command("delete")
@app.command("remove", hidden=True)
@app.command("rm", hidden=True)
def delete(
    resources: list[str] = URNS,
    dependents: bool = typer.Option(False, "--target-dependents", help="What depends on them too."),
    force: bool = typer.Option(False, "--force", help="Protected ones too."),
    yes: bool = YES,
    stack: str = STACK,
    folder: str = FOLDER,
) -> None:
    """Forget resources."""
    from trifold.cli.stack import opened
    from trifold.engine.editing import forget

    _named(resources)
    _confirm(yes)
    gone = forget(opened(stack, folder), resources, dependents=dependents, force=force)
    print(f"Resource deleted: {len(gone)}")


@app.command("unprotect")
def unprotect(
    resources: list[str] = URNS, all: bool = ALL, yes: bool = YES, stack: str = STACK, folder: str = FOLDER
) -> None:
    """Take the protection from resources."""
    _protect(resources, all, yes, stack, folder, False)


@app.command("protect")
def protect(
    resources: list[str] = URNS, all: bool = ALL, yes: bool = YES, stack: str = STACK, folder: str = FOLDER
) -> None:
    """Protect resources."""
    _protect(resources, all, yes, stack, folder, True)


def _protect(resources: list[str], all: bool, yes: bool, stack: str, folder: str, protected: bool) -> None:
    from trifold.cli.stack import opened
    from trifold.engine import editing

    if not all:
        _named(resources)
    _confirm(yes)
    count = editing.protect(opened(stack, folder), None if all else resources, protected)
    print(f"{count} resource(s) {'protected' if protected else 'unprotected'}")


def _named(resources: list[str]) -> None:
    if not resources:
        raise UserError("no resource is named", next="`trifold stack export` lists the URNs")


def _confirm(yes: bool) -> None:
    text = "This will edit your stack's state directly. Go on?"
    if not yes and not (os.isatty(0) and typer.confirm(text)):
        from trifold.cli.engine_run import unconfirmed

        raise unconfirmed("--yes")

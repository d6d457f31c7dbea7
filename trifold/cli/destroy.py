"""`trifold destroy`: delete all resources of a stack."""

import typer

from trifold.cli.flags import COMMON, command

FLAGS = (
    *COMMON,
    "yes",
    "skip_preview",
    "refresh",
    "continue_on_error",
    "exclude_protected",
    "ignore_protect",
    "remove",
    "preview_only",
)


def register(app: typer.Typer) -> None:
    command(app, "destroy", "Delete the resources of a stack.", FLAGS, destroy)


def destroy(**flags: object) -> None:
    from trifold.cli.engine_run import execute
    from trifold.cli.left import telling

    with telling(flags):
        execute("destroy", **flags)

"""`trifold up`: bring a stack to what its program says."""

import typer

from trifold.cli.flags import COMMON, command

FLAGS = (
    *COMMON,
    "yes",
    "skip_preview",
    "refresh",
    "replace",
    "target_replace",
    "expect_no_changes",
    "continue_on_error",
    "ignore_protect",
)


def register(app: typer.Typer) -> None:
    command(app, "up", "Create or update the resources of a stack.", FLAGS, up)
    command(app, "update", "The same as up.", FLAGS, up)


def up(**flags: object) -> None:
    from trifold.cli.engine_run import execute

    execute("up", **flags)

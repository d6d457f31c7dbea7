"""`trifold refresh`: bring a stack's state to what is really there."""

import typer

from trifold.cli.flags import COMMON, command

FLAGS = (
    *COMMON,
    "yes",
    "skip_preview",
    "expect_no_changes",
    "skip_pending_creates",
    "clear_pending_creates",
    "import_pending_creates",
    "preview_only",
)


def register(app: typer.Typer) -> None:
    command(app, "refresh", "Refresh the state of a stack's resources.", FLAGS, refresh)


def refresh(**flags: object) -> None:
    from trifold.cli.engine_run import execute

    execute("refresh", **flags)

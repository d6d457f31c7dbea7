"""`trifold preview`: show what `up` would do."""

import typer

from trifold.cli.flags import COMMON, command

FLAGS = (*COMMON, "refresh", "replace", "target_replace", "expect_no_changes", "ignore_protect")


def register(app: typer.Typer) -> None:
    command(app, "preview", "Show a preview of what up would change.", FLAGS, preview)


def preview(**flags: object) -> None:
    from trifold.cli.engine_run import execute

    execute("preview", **flags)

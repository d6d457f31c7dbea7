"""`trifold engine`: about the embedded engine itself."""

from pathlib import Path

import typer

app = typer.Typer(help="About the embedded engine.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """About the embedded engine."""


@app.command("support")
def support(output: str = typer.Option("", "--output", "-o", help="Write to this file instead.")) -> None:
    """What of Pulumi's flags, commands and features is supported, and what is refused."""
    from trifold.cli.engine_support import page

    if output:
        Path(output).write_text(page())
    else:
        print(page(), end="")

"""`trifold local`: start, stop, look at and enter the three clouds on this machine."""

import sys
import time
from pathlib import Path
from typing import Any

import typer
import typer.core

from trifold.errors import UserError

SEED = 1


class WithSeed(typer.core.TyperCommand):
    """`--hostile` alone means a seed; Typer knows no option whose value may be left out."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [f"--hostile={SEED}" if one == "--hostile" else one for one in args])


app = typer.Typer(help="Three clouds on this machine.", no_args_is_help=True)


@app.command(cls=WithSeed)
def start(
    clouds: list[str] = typer.Argument(None, help="Some of them only; all if none is named."),
    hostile: int = typer.Option(
        None, metavar="[=SEED]", help="As hard on their callers as new accounts are; a seed does the same again."
    ),
) -> None:
    """Start the local clouds; nothing happens where they run already."""
    from trifold.cli.project import state_folder
    from trifold.local import supervisor

    started, before = time.monotonic(), supervisor.identity(state_folder())
    found = supervisor.ensure(state_folder(), clouds or (), hostile=hostile)
    took = (
        "already up" if before == supervisor.identity(state_folder()) else f"up in {time.monotonic() - started:.1f} s"
    )
    print(summary(found, took))


@app.command()
def stop() -> None:
    """Stop the local clouds: no process and no port is left. What they held is gone."""
    from trifold.cli.project import state_folder
    from trifold.local import supervisor

    print("the local clouds are stopped" if supervisor.stop(state_folder()) else "the local clouds were not running")


@app.command()
def reset() -> None:
    """Stop, forget everything, start: fresh accounts."""
    from trifold.cli.project import state_folder
    from trifold.local import supervisor

    supervisor.stop(state_folder())
    started = time.monotonic()
    print(summary(supervisor.ensure(state_folder()), f"up again in {time.monotonic() - started:.1f} s, empty"))


@app.command()
def status(as_json: bool = typer.Option(False, "--json", help="Print it as JSON.")) -> None:
    """What runs, where, and where its log is. Ends with status 1 unless all of it runs."""
    import json

    from trifold.cli.project import state_folder
    from trifold.cli.tables import console
    from trifold.local import picture, supervisor

    found = supervisor.status(state_folder())
    if as_json:
        print(json.dumps(picture.as_data(found), indent=2))
    else:
        console().print(picture.as_tables(found))
    if not found.healthy:
        raise typer.Exit(1)


@app.command()
def env(unset: bool = typer.Option(False, "--unset", help="Print what undoes it.")) -> None:
    """Print what a client exports: eval "$(trifold local env)"."""
    from trifold.cli.project import state_folder
    from trifold.local import environment, supervisor

    if unset:
        print(environment.unset(supervisor.variable_names(state_folder())), end="")
    else:
        print(environment.exports(supervisor.environment(state_folder())), end="")


@app.command()
def logs(
    name: str = typer.Argument("", help="A cloud, a process or a model server; all if none is named."),
    follow: bool = typer.Option(False, "--follow", "-f", help="Go on as lines come."),
    lines: int = typer.Option(20, "--lines", "-n", help="How many of the last lines."),
) -> None:
    """The ends of the logs, or one log followed."""
    from trifold.cli.project import state_folder
    from trifold.local import logs as reading
    from trifold.local.layout import Layout

    layout = Layout(state_folder().absolute())
    files = reading.matching(layout, name)
    if not files:
        known = ", ".join(reading.title(layout, file) for file in reading.matching(layout, "")) or "none"
        raise UserError(f"there is no log '{name}'", where=str(layout.logs), next=f"one of: {known}")
    for text in reading.ends(layout, files, lines):
        print(text)
    if follow:
        for text in reading.follow(layout, name):
            print(text, flush=True)


@app.command()
def support(output: Path = typer.Option(None, "--output", "-o", help="A file to write; else it is printed.")) -> None:
    """The generated page of what the local clouds emulate."""
    from trifold.local import registry
    from trifold.local.support import page

    text = page(registry.operations())
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text)


def summary(found, how: str) -> str:
    """One line: what runs, where, and where the logs are."""
    running = found.running
    names = ", ".join(running.clouds) or "none"
    kind = "" if running.hostile is None else f"hostile (seed {running.hostile}) "
    return f"{kind}local clouds {how}: {names}; door 127.0.0.1:{running.door}; logs in {found.layout.logs}"

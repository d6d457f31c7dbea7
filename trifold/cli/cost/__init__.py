"""`trifold cost`: what a stack costs by the price facts, from its file alone: no cloud, no engine, nothing made."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from trifold.errors import UserError

if TYPE_CHECKING:
    from infra.costs import Estimate
    from infra.package import PackageRef


def register(app: typer.Typer) -> None:
    app.command("cost")(cost)


def cost(
    stack: list[str] = typer.Option(..., "--stack", "-s", help="The stack; given more than once: side by side."),
    folder: str = typer.Option(".", "--cwd", "-C", help="Run as if started in this folder."),
    as_json: bool = typer.Option(False, "--json", "-j", help="Print as JSON, with the source of each price."),
) -> None:
    """Show what stacks cost an hour and a month; ends with status 1 if one is over its budget."""
    from trifold.cli.cost import tables
    from trifold.cli.tables import console

    found = [estimate(one, folder) for one in stack]
    if as_json:
        print(tables.as_json(found))
    else:
        out = console()
        out.print(tables.table(found, plain=not out.is_terminal))
        for one in found:
            out.print("\n".join(tables.summary(one)), soft_wrap=True)
    over = [one.stack for one in found if one.over_budget]
    if over:
        print(f"over budget: {', '.join(over)}; `up` will refuse it", file=sys.stderr)
        raise typer.Exit(1)


def estimate(stack: str, folder: str) -> "Estimate":
    """The estimate of a stack. UserError for a stack without a file, or with wrong settings."""
    from datetime import date

    from infra import costs, settings
    from trifold.engine.config import load_config, resolve
    from trifold.engine.project import find_project

    project = find_project(Path(folder).resolve())
    home = _config_folder(project)
    if not (home / f"Pulumi.{stack}.yaml").is_file():
        raise UserError(f"there is no file of stack '{stack}'", where=str(home), next="trifold cost -s STACK")
    # What is encrypted is no setting of the kit's: it need not be read.
    configuration = resolve(project, load_config(project, stack, home), lambda _: "").values
    # An expired stack, or one whose package is not built yet, costs what it costs.
    read = settings.read(configuration, project.name, stack, project.folder, home, today=date.min, find=_unbuilt)
    return costs.estimate(read)


def _config_folder(project: Any) -> Path:
    """Where the stack's file is: a local run has its own copies, which `trifold config set` changes."""
    from trifold.cli.local_run import MARK, copy_configs

    if os.environ.get("PULUMI_BACKEND_URL") and "TRIFOLD_LOCAL" not in os.environ:
        return project.stack_folder
    copies = Path(os.environ.get("TRIFOLD_STATE") or project.folder / MARK).resolve() / "stacks"
    copy_configs(project.stack_folder, copies)
    return copies


def _unbuilt(name: str, root: Path, state: Path) -> "PackageRef":
    from infra.package import PackageRef

    return PackageRef(name, "0" * 64, Path(), Path())

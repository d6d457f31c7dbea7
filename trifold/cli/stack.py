"""`trifold stack`: make, list, look into, move and remove stacks."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from trifold.errors import UserError

if TYPE_CHECKING:
    from trifold.engine.stack import Stack

app = typer.Typer(help="Manage stacks.", no_args_is_help=False, invoke_without_command=True)

STACK = typer.Option("", "--stack", "-s", help="The stack.")
FOLDER = typer.Option(".", "--cwd", "-C", help="Run as if started in this folder.")
AS_JSON = typer.Option(False, "--json", "-j", help="Print as JSON.")
SECRETS = typer.Option(False, "--show-secrets", help="Show secret values as they are.")


@app.callback()
def show(context: typer.Context, stack: str = STACK, folder: str = FOLDER) -> None:
    """Without a command: what a stack holds."""
    if context.invoked_subcommand:
        context.obj = {"stack": stack, "folder": folder}
        return
    found = opened(stack, folder)
    snapshot = found.load()
    print(f"Current stack is {found.name}:\n    Resources ({len(snapshot.resources)}):")
    for resource in snapshot.resources:
        print(f"    {resource.type:<50} {resource.name}")


@app.command("init")
def init(
    name: str = typer.Argument("", help="The stack's name."),
    stack: str = STACK,
    folder: str = FOLDER,
    secrets_provider: str = typer.Option("default", "--secrets-provider", help="Only passphrase is supported."),
    no_select: bool = typer.Option(False, "--no-select", help="Accepted, without effect."),
) -> None:
    """Make an empty stack."""
    from trifold.cli.engine_run import find_place
    from trifold.engine.refusals import refusal
    from trifold.engine.stack import create

    chosen = name or stack
    if not chosen:
        raise UserError("the stack needs a name", next="trifold stack init NAME")
    if secrets_provider not in ("default", "passphrase"):
        raise refusal("secrets provider", name=secrets_provider)
    place = find_place(folder, chosen, start=False)
    create(place.project, chosen.rpartition("/")[2], place.backend, place.environment, place.config_folder)
    print(f"Created stack '{chosen}'")


@app.command("ls")
def ls(
    folder: str = FOLDER,
    as_json: bool = AS_JSON,
    all: bool = typer.Option(False, "--all", "-a", help="Of all projects."),
) -> None:
    """List the stacks."""
    from trifold.cli.engine_run import find_place

    place = find_place(folder, start=False)
    found = [_listed(one) for one in place.backend.stacks("" if all else place.project.name)]
    if as_json:
        print(json.dumps(found, indent=2))
        return
    print(f"{'NAME':<24}{'LAST UPDATE':<30}RESOURCE COUNT")
    for one in found:
        print(f"{one['name']:<24}{one['lastUpdate'] or 'n/a':<30}{one['resourceCount']}")


def _listed(files: Any) -> dict[str, Any]:
    from trifold.engine.checkpoint import NEVER, parse

    latest = parse(files.checkpoint.read_text(), str(files.checkpoint))["checkpoint"].get("latest") or {}
    when = (latest.get("manifest") or {}).get("time", NEVER)
    return {
        "name": files.name,
        "current": False,
        "lastUpdate": "" if when == NEVER else when,
        "updateInProgress": files.locks.exists() and any(files.locks.glob("*.json")),
        "resourceCount": len(latest.get("resources") or []),
    }


@app.command("output")
def output(
    name: str = typer.Argument("", help="One output's name; all if left out."),
    stack: str = STACK,
    folder: str = FOLDER,
    as_json: bool = AS_JSON,
    show_secrets: bool = SECRETS,
) -> None:
    """Show a stack's outputs."""
    from trifold.engine.events import shown
    from trifold.protocol.values import reveal, to_wire

    found = opened(stack, folder).outputs()
    plain = to_wire(reveal(found)) if show_secrets else shown(found)
    if name and name not in plain:
        raise UserError(f"current stack does not have output property '{name}'", where=", ".join(plain))
    if as_json:
        print(json.dumps(plain[name] if name else plain, indent=2, ensure_ascii=False))
    elif name:
        print(_text(plain[name]))
    else:
        print(f"Current stack outputs ({len(plain)}):")
        for key, value in plain.items():
            print(f"    {key:<24}{_text(value)}")


@app.command("export")
def export(
    stack: str = STACK,
    folder: str = FOLDER,
    file: str = typer.Option("", "--file", help="Write to this file instead."),
    show_secrets: bool = SECRETS,
) -> None:
    """Print a stack's state."""
    found = opened(stack, folder)
    content = found.content()
    latest = content["checkpoint"].get("latest") or {}
    if show_secrets:
        from trifold.engine.export import revealed

        latest = revealed(latest, found.secrets.decrypt)
    made: dict[str, Any] = {"version": content["version"]}
    if content.get("features"):
        made["features"] = content["features"]
    text = json.dumps({**made, "deployment": latest}, indent=4, ensure_ascii=False)
    if file:
        Path(file).write_text(f"{text}\n")
    else:
        print(text)


@app.command("import")
def import_(
    stack: str = STACK,
    folder: str = FOLDER,
    file: str = typer.Option("", "--file", help="Read from this file instead of stdin."),
    force: bool = typer.Option(False, "--force", "-f", help="Take it even if it is of another stack."),
) -> None:
    """Replace a stack's state by an exported one."""
    from trifold.engine.export import take_in

    text = Path(file).read_text() if file else sys.stdin.read()
    take_in(opened(stack, folder), text, force=force)
    print("Import complete.")


@app.command("history")
def history(stack: str = STACK, folder: str = FOLDER, as_json: bool = AS_JSON) -> None:
    """Show what was done to a stack, the newest first."""
    found = opened(stack, folder)
    place = found.files.backend.root / "history" / found.project.name / found.name
    records = [json.loads(file.read_text()) for file in sorted(place.glob("*.history.json"), reverse=True)]
    if as_json:
        print(json.dumps(records, indent=2))
        return
    for record in records:
        changes = ", ".join(f"{count} {op}" for op, count in sorted((record.get("resourceChanges") or {}).items()))
        print(f"{record['kind']:<10} {record['result']:<10} {record['endTime'] - record['startTime']:>5} s  {changes}")


@app.command("rm")
def rm(
    name: str = typer.Argument("", help="The stack's name."),
    stack: str = STACK,
    folder: str = FOLDER,
    yes: bool = typer.Option(False, "--yes", "-y", help="Do not ask."),
    force: bool = typer.Option(False, "--force", "-f", help="Even if it still has resources."),
    preserve_config: bool = typer.Option(False, "--preserve-config", help="Keep the configuration file."),
) -> None:
    """Remove a stack that has no resources."""
    found = opened(name or stack, folder)
    if found.load().resources and not force:
        raise UserError(f"'{found.name}' still has resources", next="trifold destroy, or --force to forget them")
    if not yes and not typer.confirm(f"This will permanently remove the stack '{found.name}'. Go on?"):
        raise typer.Exit(1)
    remove_files(found)
    if not preserve_config:
        found.file_config.file.unlink(missing_ok=True)
    print(f"Stack '{found.name}' has been removed!")


def remove_files(found: "Stack") -> None:
    """Take a stack's files away."""
    from trifold.engine.editing import remove_checkpoint

    remove_checkpoint(found.files)


def opened(stack: str, folder: str) -> "Stack":
    """The stack of a command, which must exist."""
    from trifold.cli.engine_run import find_place, find_stack

    return find_stack(find_place(folder, stack, start=False), stack)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

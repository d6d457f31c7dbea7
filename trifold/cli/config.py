"""`trifold config`: read and change a stack's configuration."""

import json
import sys
from typing import TYPE_CHECKING, Any

import typer

from trifold.errors import UserError

if TYPE_CHECKING:
    from trifold.engine.stack import Stack

app = typer.Typer(help="Manage configuration.", no_args_is_help=False, invoke_without_command=True)

STACK = typer.Option("", "--stack", "-s", help="The stack.")
FOLDER = typer.Option(".", "--cwd", "-C", help="Run as if started in this folder.")
AS_JSON = typer.Option(False, "--json", "-j", help="Print as JSON.")
SECRETS = typer.Option(False, "--show-secrets", help="Show secret values as they are.")
PATH = typer.Option(False, "--path", help="The key is a path into a map or list.")


@app.callback()
def show(
    context: typer.Context,
    stack: str = STACK,
    folder: str = FOLDER,
    as_json: bool = AS_JSON,
    show_secrets: bool = SECRETS,
) -> None:
    """Without a command: all values."""
    if context.invoked_subcommand:
        return
    resolved = _open(stack, folder).config()
    shown = {
        key: "[secret]" if key in resolved.secret_keys and not show_secrets else value
        for key, value in sorted(resolved.values.items())
    }
    if as_json:
        found = {key: {"value": value, "secret": key in resolved.secret_keys} for key, value in shown.items()}
        print(json.dumps(found, indent=2))
        return
    for key, value in shown.items():
        print(f"{key:<32}{value}")


@app.command("set")
def set_(
    key: str = typer.Argument(..., help="namespace:name, or a name of the project's own."),
    value: str = typer.Argument(None, help="The value; read from stdin if left out."),
    secret: bool = typer.Option(False, "--secret", help="Encrypt the value."),
    plaintext: bool = typer.Option(False, "--plaintext", help="Keep the value as it is."),
    path: bool = PATH,
    stack: str = STACK,
    folder: str = FOLDER,
) -> None:
    """Set a value."""
    from trifold.engine.config import parsed

    found = _open(stack, folder)
    text = sys.stdin.read().rstrip("\n") if value is None else value
    made: Any = {"secure": found.secrets.encrypt_text(text)} if secret else parsed(text) if path else text
    found.file_config.set(key, made, path=path)
    found.file_config.save()


@app.command("get")
def get(
    key: str = typer.Argument(..., help="namespace:name, or a name of the project's own."),
    stack: str = STACK,
    folder: str = FOLDER,
    as_json: bool = AS_JSON,
) -> None:
    """Print one value, decrypted."""
    found = _open(stack, folder)
    resolved = found.config()
    full = found.file_config.full_key(key)
    if full not in resolved.values:
        raise UserError(f"configuration key '{key}' not found for stack '{found.name}'")
    value = resolved.values[full]
    print(json.dumps({"value": value, "secret": full in resolved.secret_keys}) if as_json else value)


@app.command("rm")
def rm(
    key: str = typer.Argument(..., help="The key."), path: bool = PATH, stack: str = STACK, folder: str = FOLDER
) -> None:
    """Remove a value."""
    found = _open(stack, folder)
    found.file_config.remove(key, path=path)
    found.file_config.save()


def _open(stack: str, folder: str) -> "Stack":
    from trifold.cli.engine_run import find_place, find_stack

    return find_stack(find_place(folder, stack, start=False), stack, config_only=True)

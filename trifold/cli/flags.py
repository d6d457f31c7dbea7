"""The flags that the engine's commands share, spelled as Pulumi's, and commands made from a choice of them."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import typer
import typer.core


@dataclass(frozen=True)
class Flag:
    """One flag: its type, default, spellings and help."""

    type: Any
    default: Any
    names: tuple[str, ...]
    help: str


def _switch(*names: str, help: str) -> Flag:
    return Flag(bool, False, names, help)


def _many(*names: str, help: str) -> Flag:
    return Flag(list[str], [], names, help)


FLAGS = {
    "stack": Flag(str, "", ("--stack", "-s"), "The stack."),
    "folder": Flag(str, ".", ("--cwd", "-C"), "Run as if started in this folder."),
    "parallel": Flag(int, 0, ("--parallel", "-p"), "How many operations may run at once."),
    "yes": _switch("--yes", "-y", help="Go on after the preview without asking."),
    "skip_preview": _switch("--skip-preview", "-f", help="Do not preview first."),
    "non_interactive": _switch("--non-interactive", help="Never ask, and show plain lines."),
    "as_json": _switch("--json", "-j", help="Print the events, or a preview's digest, as JSON."),
    "event_log": Flag(str, "", ("--event-log",), "Keep all events in this file, a line of JSON each."),
    "show_diff": _switch("--diff", help="Show what changes in each resource."),
    "refresh": Flag(bool, None, ("--refresh/--no-refresh", "-r"), "Refresh the state first (also --refresh=false)."),
    "target": _many("--target", "-t", help="Only this resource (a URN, * and ** allowed); may be repeated."),
    "target_dependents": _switch("--target-dependents", help="What depends on the targets too."),
    "exclude": _many("--exclude", help="All but this resource; may be repeated."),
    "exclude_dependents": _switch("--exclude-dependents", help="Nothing that depends on the excluded either."),
    "replace": _many("--replace", help="Replace this resource; may be repeated."),
    "target_replace": _many("--target-replace", help="The same as --target and --replace."),
    "expect_no_changes": _switch("--expect-no-changes", help="Fail if anything changes."),
    "continue_on_error": _switch("--continue-on-error", help="Go on with what does not depend on what failed."),
    "message": Flag(str, "", ("--message", "-m"), "A note for the history."),
    "config": _many("--config", "-c", help="key=value for this run, saved in the stack's configuration."),
    "debug": _switch("--debug", "-d", help="Show debug messages too."),
    "color": Flag(str, "auto", ("--color",), "auto, always or never."),
    "suppress_outputs": _switch("--suppress-outputs", help="Do not show the stack's outputs."),
    "show_secrets": _switch("--show-secrets", help="Show secret values as they are."),
    "remove": _switch("--remove", help="Remove the stack when its resources are gone."),
    "logtostderr": _switch("--logtostderr", help="Accepted, without effect."),
    "verbose": Flag(int, 0, ("--verbose", "-v"), "Accepted, without effect."),
    "skip_pending_creates": _switch(
        "--skip-pending-creates", help="Accepted: pending creates are always settled first."
    ),
    "preview_only": _switch("--preview-only", help="Only show what would happen."),
}
COMMON = (
    "stack",
    "folder",
    "parallel",
    "non_interactive",
    "as_json",
    "event_log",
    "show_diff",
    "target",
    "target_dependents",
    "exclude",
    "exclude_dependents",
    "message",
    "debug",
    "color",
    "suppress_outputs",
    "logtostderr",
    "verbose",
)


class Command(typer.core.TyperCommand):
    """Takes a switch with a value too, as Pulumi's flags do: --refresh=false, --diff=true."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [plain for arg in args for plain in without_value(arg)])


SWITCHES = {name for flag in FLAGS.values() if flag.type is bool for name in flag.names[0].split("/")}


def without_value(argument: str) -> list[str]:
    """A switch's `--name=true` as `--name`, and `--name=false` as none, or as `--no-name` where there is one."""
    name, separator, value = argument.partition("=")
    if not separator or name not in SWITCHES or value not in ("true", "false"):
        return [argument]
    if value == "true":
        return [name]
    opposite = f"--no-{name.removeprefix('--')}"
    return [opposite] if opposite in SWITCHES else []


def command(app: typer.Typer, name: str, help: str, flags: tuple[str, ...], call: Callable[..., None]) -> None:
    """Add a command that takes the named flags, and hands them to `call` as keywords."""

    def run(**values: Any) -> None:
        call(**values)

    chosen = {flag: FLAGS[flag] for flag in dict.fromkeys(flags)}
    parameters = [
        inspect.Parameter(
            key,
            inspect.Parameter.KEYWORD_ONLY,
            default=typer.Option(flag.default, *flag.names, help=flag.help),
            annotation=flag.type,
        )
        for key, flag in chosen.items()
    ]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {key: flag.type for key, flag in chosen.items()}
    run.__doc__ = help
    app.command(name, cls=Command)(run)

"""The flags that the engine's commands share, spelled as Pulumi's, and commands made from a choice of them."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import typer
import typer.core


@dataclass(frozen=True)
class Flag:
    """One flag: its type, default, spellings and help. idle: taken since Pulumi has it, and without effect here."""

    type: Any
    default: Any
    names: tuple[str, ...]
    help: str
    idle: bool = False


def _switch(*names: str, help: str) -> Flag:
    return Flag(bool, False, names, help)


def _idle(*names: str, type: Any = bool) -> Flag:
    return Flag(type, type(), names, "Accepted, without effect.", idle=True)


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
    "exclude": _many("--exclude", "-x", help="All but this resource; may be repeated."),
    "exclude_dependents": _switch("--exclude-dependents", help="Nothing that depends on the excluded either."),
    "replace": _many("--replace", help="Replace this resource; may be repeated."),
    "target_replace": _many("--target-replace", help="The same as --target and --replace."),
    "expect_no_changes": _switch("--expect-no-changes", help="Fail if anything changes."),
    "continue_on_error": _switch("--continue-on-error", help="Go on with what does not depend on what failed."),
    "message": Flag(str, "", ("--message", "-m"), "A note for the history."),
    "exclude_protected": _switch("--exclude-protected", help="All but what is protected, and what that needs."),
    "ignore_protect": _switch("--ignore-protect", help="Delete and replace protected resources too."),
    "run_program": _switch("--run-program", help="Run the program in refresh and destroy too."),
    "config": _many("--config", "-c", help="key=value for this run, saved in the stack's configuration."),
    "config_path": _switch("--config-path", help="The keys of --config are paths into maps and lists."),
    "config_file": Flag(str, "", ("--config-file",), "Use the configuration in this file."),
    "debug": _switch("--debug", "-d", help="Show debug messages too."),
    "color": Flag(str, "auto", ("--color",), "auto, always or never."),
    "suppress_outputs": _switch("--suppress-outputs", help="Do not show the stack's outputs."),
    "show_secrets": _switch("--show-secrets", help="Show secret values as they are."),
    "remove": _switch("--remove", help="Remove the stack when its resources are gone."),
    "skip_pending_creates": _switch("--skip-pending-creates", help="Leave pending creates as they are: the default."),
    "clear_pending_creates": _switch("--clear-pending-creates", help="Forget the creates that were never finished."),
    "import_pending_creates": _many("--import-pending-creates", help="A pending create's URN, then once more its id."),
    "preview_only": _switch("--preview-only", help="Only show what would happen."),
    "logtostderr": _idle("--logtostderr"),
    "logflow": _idle("--logflow"),
    "verbose": _idle("--verbose", "-v", type=int),
    "emoji": _idle("--emoji", "-e"),
    "neo": _idle("--neo"),
    "full_names": _idle("--fully-qualify-stack-names", "-Q"),
    "full_output": _idle("--show-full-output"),
    "show_config": _idle("--show-config"),
    "show_reads": _idle("--show-reads"),
    "show_replacement_steps": _idle("--show-replacement-steps"),
    "show_sames": _idle("--show-sames"),
    "urns": _idle("--urns"),
    "suppress_progress": _idle("--suppress-progress"),
    "suppress_permalink": _idle("--suppress-permalink"),
    "skip_install": _idle("--skip-plugin-pre-install"),
}
# What Pulumi has and this engine has not: refused by name, with the reason.
REFUSED = {
    "--attach-debugger": "programs are not started under a debugger",
    "--disable-integrity-checking": "a state that does not hold together is not run on",
    "--import-file": "there is no `import` command",
    "--override-env": "environments (ESC) are not supported",
    "--policy-pack": "policy packs are not supported; `trifold policy` checks the kit's rules",
    "--policy-pack-config": "policy packs are not supported; `trifold policy` checks the kit's rules",
    "--save-plan": "update plans are not supported",
    "--plan": "update plans are not supported",
    "--strict": "update plans are not supported",
    "--show-secrets": "runs never show secrets; `trifold stack output --show-secrets` does",
    "--skip-config-validation": "the configuration's declarations always count",
    "--otel-traces": "there is no tracing",
    "--tracing": "there is no tracing",
    "--profiling": "there is no profiling",
    "--remote": "runs are on this machine only",
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
    "config",
    "config_path",
    "config_file",
    "run_program",
    *(name for name, flag in FLAGS.items() if flag.idle),
)


class Command(typer.core.TyperCommand):
    """Takes a switch with a value too, as Pulumi's flags do: --refresh=false, --diff=true."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        refuse(args)
        return super().parse_args(ctx, [plain for arg in args for plain in without_value(arg)])


def refuse(arguments: Sequence[str]) -> None:
    """UserError that names the first flag of Pulumi's that this engine does not take."""
    for argument in arguments:
        if why := REFUSED.get(argument.partition("=")[0]):
            from trifold.engine.refusals import refusal

            raise refusal("flag", flag=argument.partition("=")[0], why=why)


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

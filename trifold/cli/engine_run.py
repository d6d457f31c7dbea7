"""Runs an operation of the engine for a command: opens the stack, previews and asks where that is due, shows, ends."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from trifold.errors import Status, UserError

if TYPE_CHECKING:
    from trifold.engine.events import Sink
    from trifold.engine.interpreter import Interpreter
    from trifold.engine.operation import Outcome
    from trifold.engine.options import Options
    from trifold.engine.stack import Stack


@dataclass(frozen=True)
class Place:
    """Where a command works: the project, its backend, the environment, and where stack configuration is kept."""

    project: Any
    backend: Any
    environment: Mapping[str, str]
    config_folder: Path | None
    local: bool


def find_place(folder: str, stack: str = "", *, start: bool = True) -> Place:
    """The place of a command. `start`: the local clouds are started if the run is theirs and they are not running."""
    from trifold.engine.backend import open_backend
    from trifold.engine.project import find_project

    base = Path(folder).resolve()
    if not base.is_dir():
        raise UserError("the folder given with -C does not exist", where=str(base))
    project = find_project(base)
    url = os.environ.get("PULUMI_BACKEND_URL") or project.backend
    # A shell that entered the local clouds has their backend, and the kit's stacks are theirs there as without it.
    entered = "TRIFOLD_LOCAL" in os.environ and "trifold" in project.plugins
    if (url or os.environ.get("PULUMI_DEBUG_PROVIDERS")) and not entered:
        if not url:
            raise UserError("no backend is chosen", next="set PULUMI_BACKEND_URL=file://FOLDER")
        return Place(project, open_backend(url, base), os.environ, None, False)
    from trifold.cli.local_run import local_run

    run = local_run(project, stack, start=start)
    return Place(project, open_backend(run.environment["PULUMI_BACKEND_URL"], base), run.environment, run.stacks, True)


def find_stack(place: Place, name: str, *, make: bool = False, config_only: bool = False) -> "Stack":
    """The stack of a command. make: made, if it is missing in a local run; config_only: there, it need not exist."""
    from trifold.engine.stack import create, open_stack

    name = name or _only_stack(place)
    files = place.backend.stack(place.project.name, name.rpartition("/")[2])
    if make and place.local and not files.exists():
        return create(place.project, files.name, place.backend, place.environment, place.config_folder)
    exists = not (config_only and place.local)
    return open_stack(place.project, files.name, place.backend, place.environment, place.config_folder, exists=exists)


def _only_stack(place: Place) -> str:
    chosen = place.environment.get("PULUMI_STACK")
    if chosen:
        return chosen
    names = [one.name for one in place.backend.stacks(place.project.name)]
    if len(names) != 1:
        known = f"the stacks are {', '.join(names)}" if names else "there are none yet"
        raise UserError("no stack is chosen", where=known, next="name one with -s")
    return names[0]


def execute(verb: str, **flags: Any) -> None:
    """Run the verb; ends the process with status 1 if it failed, with that of a UserError if something was wrong."""
    place = find_place(flags["folder"], flags["stack"])
    _refuse_contradictions(flags)
    stack = find_stack(place, flags["stack"], make=verb in ("up", "preview"))
    if flags.get("config_file"):
        _take_config_file(stack, Path(flags["folder"]) / flags["config_file"])
    _set_config(stack, flags.get("config") or [], path=bool(flags.get("config_path")))
    options = _options(verb, place, flags)
    if flags.get("exclude_protected"):
        options = _without_protected(stack, options)
    if flags.get("clear_pending_creates") or flags.get("import_pending_creates"):
        from trifold.engine.pending import settle_creates

        settle_creates(stack, flags["import_pending_creates"], clear=flags["clear_pending_creates"])
    if not options.preview and not flags.get("skip_preview"):
        _preview_and_ask(stack, options, place, flags)
    outcome = _run(stack, options, place, flags)
    if unexpected := outcome.unexpected(options):
        raise UserError(unexpected, status=Status.CHANGES)
    if outcome.ok and flags.get("remove") and not options.preview:
        _remove(stack)
    if not outcome.ok:
        raise typer.Exit(Status.FAILED)


def _refuse_contradictions(flags: Mapping[str, Any]) -> None:
    """UserError for flags that Pulumi does not take together either."""
    for one, other in (
        ("skip_preview", "preview_only"),
        ("yes", "preview_only"),
        ("target", "exclude_protected"),
        ("skip_pending_creates", "clear_pending_creates"),
    ):
        if flags.get(one) and flags.get(other):
            names = [f"--{name.replace('_', '-')}" for name in (one, other)]
            raise UserError(f"{names[0]} and {names[1]} cannot be used together")


def _take_config_file(stack: "Stack", file: Path) -> None:
    from trifold.engine.config import load_config

    if not file.is_file():
        raise UserError("the file given with --config-file does not exist", where=str(file))
    stack.file_config = load_config(stack.project, stack.name, file=file)


def _without_protected(stack: "Stack", options: "Options") -> "Options":
    """The options, with all that is protected excluded, and what that needs."""
    from trifold.engine.graph import Graph
    from trifold.engine.options import Names

    resources = stack.load().resources
    graph = Graph(resources)
    kept = set()
    for one in resources:
        if one.protect:
            kept |= {one, *graph.transitive_dependencies_of(one)}
    if kept and len(kept) == len(resources):
        print(f"There were no unprotected resources to destroy. There are still {len(kept)} protected resources.")
        raise typer.Exit
    return replace(options, excludes=Names([*options.excludes.literals, *(one.urn for one in kept)]))


def _options(verb: str, place: Place, flags: Mapping[str, Any]) -> "Options":
    from trifold.engine.options import Names, Options

    wished = flags.get("refresh")
    refresh = place.project.always_refresh if wished is None else wished
    both = flags.get("target_replace") or []
    return Options(
        verb="up" if verb == "preview" else verb,
        preview=verb == "preview" or bool(flags.get("preview_only")),
        parallel=_parallel(flags["parallel"], place.environment),
        refresh=refresh or verb == "refresh",
        targets=Names([*flags["target"], *both]),
        target_dependents=flags["target_dependents"],
        excludes=Names(flags["exclude"]),
        exclude_dependents=flags["exclude_dependents"],
        replace=Names([*(flags.get("replace") or []), *both]),
        continue_on_error=bool(flags.get("continue_on_error")),
        expect_no_changes=bool(flags.get("expect_no_changes")),
        ignore_protect=bool(flags.get("ignore_protect")),
        run_program=flags["run_program"],
    )


def _parallel(given: int, environment: Mapping[str, str]) -> int:
    chosen = given or int(environment.get("PULUMI_PARALLEL") or 0)
    return min(chosen, 1024) if chosen > 0 else 4 * (os.cpu_count() or 4)


def _set_config(stack: "Stack", pairs: list[str], *, path: bool) -> None:
    for pair in pairs:
        if "=" not in pair:
            raise UserError(f"--config takes key=value, not '{pair}'")
    split = [(key, value) for key, _, value in (pair.partition("=") for pair in pairs)]
    if path and split:
        stack.file_config.set_anew(split)
    else:
        for key, value in split:
            stack.file_config.set(key, value)
    if pairs:
        stack.file_config.save()


def unconfirmed(flags: str) -> UserError:
    """For a command that would ask, where nobody can answer."""
    text = f"{flags} must be passed in to proceed when running in non-interactive mode"
    return UserError(text, status=Status.WRONG_USE)


def _preview_and_ask(stack: "Stack", options: "Options", place: Place, flags: Mapping[str, Any]) -> None:
    interactive = sys.stdin.isatty() and not flags["non_interactive"]
    if not flags["yes"] and not interactive:
        raise unconfirmed("--yes or --skip-preview or --preview-only")
    if not _run(stack, replace(options, preview=True), place, {**flags, "as_json": False, "event_log": ""}).ok:
        raise typer.Exit(Status.FAILED)
    if not flags["yes"] and not typer.confirm(f"Do you want to perform this {options.verb}?"):
        print("confirmation declined, not doing anything", file=sys.stderr)
        raise typer.Exit(Status.FAILED)


def _run(stack: "Stack", options: "Options", place: Place, flags: Mapping[str, Any]) -> "Outcome":
    from trifold.engine.interpreter import Interpreter

    interpreter = Interpreter(place.project, place.environment)
    try:
        # Begun first: the program's Python imports its SDK while this one imports the rest of the engine.
        stack.secrets.begin()
        if options.runs_program:
            interpreter.begin()
        return _shown(stack, options, place, flags, interpreter)
    finally:
        interpreter.close()


def _shown(
    stack: "Stack", options: "Options", place: Place, flags: Mapping[str, Any], interpreter: "Interpreter"
) -> "Outcome":
    from trifold.cli.explained import Explained
    from trifold.engine.operation import run
    from trifold.engine.show import display

    explained, message, environment = Explained(stack.name), flags["message"], place.environment
    with display(stack, options, flags) as shown:
        sinks: tuple[Sink, ...] = (*shown, explained)
        outcome = run(stack, options, environment=environment, sinks=sinks, message=message, interpreter=interpreter)
    explained.tell()
    return outcome


def _remove(stack: "Stack") -> None:
    from trifold.cli.stack import remove_files

    remove_files(stack)
    print(f"the stack '{stack.name}' was removed")

"""`trifold doctor -s STACK`: what would go wrong with a stack on its account. Reads only; no stack is changed."""

import importlib
import os
import re
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from trifold.errors import UserError

if TYPE_CHECKING:
    from trifold.doctor.checks import Ask, Finding

# The ids of the local clouds, which no real account has: trifold/local/<cloud>/cloud.py.
LOCAL_IDS = {"aws": "ACCOUNT", "azure": "SUBSCRIPTION", "gcp": "PROJECT"}
NO_REGISTRY = "a local cloud has no registry: any digest of this name runs the checkout's own server"
CONFIGURED = {"azure": "azure-native:subscriptionId", "gcp": "gcp:project"}
PATIENCE = 2.0


def register(app: typer.Typer) -> None:
    app.command("doctor")(doctor)


def doctor(
    stack: str = typer.Option(..., "--stack", "-s", help="The stack to look at; it need not exist yet."),
    folder: str = typer.Option(".", "--cwd", "-C", help="Run as if started in this folder."),
    principal: str = typer.Option("", "--principal", help="AWS: ask for this role's permissions, not the caller's."),
    as_json: bool = typer.Option(False, "--json", help="Print the findings as JSON."),
) -> None:
    """Find what would go wrong with a stack, without changing anything. Exit status: 0 no error was found, 1 one was
    (each comes with the command that mends it), 2 it could not be looked at."""
    from trifold.doctor import report

    try:
        ask, findings = examined(stack, folder, principal)
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        raise typer.Exit(2) from None
    if as_json:
        print(report.as_json(ask, findings))
    elif sys.stdout.isatty():
        from trifold.cli.tables import console

        console().print(report.table(findings))
        print(f"\n{report.summary(findings)}")
    else:
        print(report.plain(findings))
    if report.failed(findings):
        raise typer.Exit(1)


def examined(stack: str, folder: str = ".", principal: str = "") -> tuple["Ask", Sequence["Finding"]]:
    """The stack's question and what was found. UserError where there is none to ask."""
    from dataclasses import replace

    from infra.errors import SettingsError
    from trifold.doctor.examine import examine

    name, configuration, root = configuration_of(stack, folder)
    try:
        ask = replace(ask_of(configuration, name, stack, root), principal=principal)
    except SettingsError as error:
        return misconfigured(configuration, name, stack, error)
    with environment(ask), progress(f"asking {ask.cloud}") as (started, ended):
        return ask, examine(ask, started, ended)


def configuration_of(stack: str, folder: str = ".") -> tuple[str, dict[str, Any], Path]:
    """(project, the stack's configuration by full key, folder of Pulumi.yaml). UserError where it has no file."""
    import yaml

    from trifold.engine.project import find_project

    project = find_project(Path(folder).resolve())
    file = project.stack_folder / f"Pulumi.{stack}.yaml"
    if not file.is_file():
        raise UserError(
            f"the stack '{stack}' is not configured",
            where=str(file),
            next=f"cp {project.stack_folder.name}/Pulumi.aws.yaml {project.stack_folder.name}/Pulumi.{stack}.yaml, "
            "and set its account, region, image and budget",
        )
    found = (yaml.safe_load(file.read_text()) or {}).get("config") or {}
    return project.name, {key if ":" in key else f"{project.name}:{key}": found[key] for key in found}, project.folder


def ask_of(configuration: Mapping[str, Any], project: str, stack: str, root: Path) -> "Ask":
    """What the stack will ask of its account: by the same settings and names as the program. Raises SettingsError."""
    from infra import needed, settings
    from infra.naming import Names
    from infra.offers import OFFERS
    from infra.tags import tags
    from trifold.doctor import brought
    from trifold.doctor.checks import Ask

    state = Path(os.environ.get("TRIFOLD_STATE") or root / ".trifold")
    read = settings.read(configuration, project, stack, root, state)
    sizes: dict[str, int] = {}
    for variant in read.variants:
        sizes[variant.size] = sizes.get(variant.size, 0) + max(variant.count, variant.maximum)
    own = Names(read.cloud, project, stack, read.account, read.region)
    names = names_of(read.cloud, own)
    if read.ephemeral:
        names.pop("workspace", None)  # the stack frees it by itself
    others = brought.others(read.cloud, read.brought.existing)
    marks = {key: value for key, value in tags(project, stack, "").items() if key in ("project", "stack")}
    return Ask(
        cloud=read.cloud,
        project=project,
        stack=stack,
        account=read.account,
        region=read.region,
        image=read.image,
        sizes=sizes,
        names={**names, **brought.names(read.cloud, others)},
        others=others,
        tags=marks,
        region_key=OFFERS[read.cloud].region_key,
        configured=str(configuration.get(CONFIGURED.get(read.cloud, ""), "")),
        untold={"image": NO_REGISTRY} if is_local(read.cloud, read.account) else {},
        regions=OFFERS[read.cloud].regions,
        offered=OFFERS[read.cloud].sizes,
        features=features_of(read),
        places=needed.places(own, read.brought, read.billing_account),
    )


def features_of(read: Any) -> frozenset[str]:
    """What a stack's settings turn on."""
    from infra import needed

    told = {
        "scaling": any(one.autoscaled for one in read.variants),
        "ephemeral": read.ephemeral,
        "budget": read.alerted,
    }
    return needed.features(read.brought, tuple(one for one in needed.PLAIN if told[one]), email=bool(read.budget_email))


def names_of(cloud: str, names: Any) -> dict[str, str]:
    """The explicit names that can be taken already, as the components of infra/<cloud>/ make them."""
    if cloud == "azure":
        return {kind: names(kind) for kind in ("group", "storage", "registry", "endpoint", "workspace")}
    if cloud == "gcp":
        kinds = ("bucket", "registry", "account")
        return {**{kind: names(kind) for kind in kinds}, "endpoint": names.number("endpoint")}
    from infra import needed

    return {"bucket": names("bucket"), "endpoint": names("endpoint"), "registry": needed.registry(names)}


def misconfigured(
    configuration: Mapping[str, Any], project: str, stack: str, error: UserError
) -> tuple["Ask", Sequence["Finding"]]:
    """Settings that the program would refuse: a finding each, and nothing else can be asked."""
    from trifold.doctor.checks import ERROR, Ask, Finding

    cloud, account = (str(configuration.get(f"trifold:{key}", "")) for key in ("cloud", "account"))
    ask = Ask(cloud, project, stack, account, "", "", {}, {}, {})
    wrong = [line.removeprefix("  - ") for line in error.what.splitlines() if line.startswith("  - ")]
    return ask, [Finding("settings", ERROR, one, ask.file, mending(ask, one)) for one in wrong or [error.what]]


def mending(ask: "Ask", wrong: str) -> str:
    """The command for one wrong setting ("KEY: problem; did you mean X?"); a package's says its own."""
    own = re.search(r"(trifold model build \S+)", wrong)
    near = re.search(r"did you mean (\S+)\?", wrong)
    key = re.match(r"[\w-]+:[\w.]+", wrong)
    return own[1] if own else ask.sets(key[0] if key else "KEY", near[1] if near else "VALUE")


def is_local(cloud: str, account: str) -> bool:
    """Whether a stack is pinned to a local cloud."""
    module = importlib.import_module(f"trifold.local.{cloud}.cloud")
    return account == getattr(module, LOCAL_IDS[cloud])


def environment(ask: "Ask") -> AbstractContextManager[None]:
    """A local cloud's stack is asked about there; every other one with the shell's own credentials."""
    from trifold.cli.project import state_folder
    from trifold.local import supervisor

    local = is_local(ask.cloud, ask.account) and "TRIFOLD_LOCAL" not in os.environ
    return supervisor.entered(state_folder()) if local else nullcontext()


@contextmanager
def progress(title: str) -> Iterator[tuple[Any, Any]]:
    """What is still being asked, on stderr: after two seconds, and then whenever one has ended."""
    running: dict[str, None] = {}
    late = threading.Event()

    def tell() -> None:
        late.set()
        if waiting := ", ".join(list(running)):
            print(f"{title}: {waiting}", file=sys.stderr, flush=True)

    def ended(id: str) -> None:
        running.pop(id, None)
        if late.is_set():
            tell()

    timer = threading.Timer(PATIENCE, tell)
    timer.daemon = True
    timer.start()
    try:
        yield lambda id: running.setdefault(id), ended
    finally:
        timer.cancel()

"""What a conformance test holds in its hands at recorded depth: what the program registered, as plain records."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from trifold.protocol.values import from_wire, reveal

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "stacks" / "__main__.py"
OPTIONS = ROOT / "tests" / "conformance" / "programs" / "options.py"
CLOUDS = ("aws", "azure", "gcp")
COMPONENTS = ("Foundation", "Storage", "Endpoint")


@dataclass(frozen=True)
class Registered:
    """One registration. inputs: plain values, secrets unwrapped; parents: its ancestors' types, nearest first."""

    urn: str
    type: str
    name: str
    custom: bool
    inputs: Mapping[str, Any]
    protect: bool
    retain: bool
    provider: str
    ignored: tuple[str, ...]
    dependencies: tuple[str, ...]
    aliases: tuple[str, ...]
    parents: tuple[str, ...]

    @property
    def component(self) -> str:
        """The capability whose component it belongs to, such as "Storage"; "" for none."""
        return next((one.rpartition(":")[2] for one in self.parents if one.startswith("trifold:")), "")


@dataclass(frozen=True)
class Recording:
    """All that one run of a program registered, in order. outputs: the stack's; error: what ended the run, or ""."""

    resources: tuple[Registered, ...]
    invokes: tuple[Mapping[str, Any], ...]
    outputs: Mapping[str, Any]
    component_outputs: Mapping[str, Mapping[str, Any]]
    error: str

    @property
    def custom(self) -> tuple[Registered, ...]:
        """What a provider would make: no components, no provider resources."""
        return tuple(one for one in self.resources if one.custom and not one.type.startswith("pulumi:providers:"))

    def of(self, *types: str) -> tuple[Registered, ...]:
        """The resources of these types."""
        return tuple(one for one in self.custom if one.type in types)


def configuration(cloud: str) -> dict[str, str]:
    """The configuration of a cloud's own stack file, as the engine hands it to a program."""
    return written(ROOT / "stacks" / f"Pulumi.{cloud}.yaml")


def written(file: Path) -> dict[str, str]:
    """What a stack file says."""
    said = yaml.safe_load(file.read_text())["config"]
    return {key: one if isinstance(one, str) else json.dumps(one) for key, one in said.items()}


def record(
    cloud: str,
    state: Path,
    changes: Mapping[str, str] | None = None,
    *,
    program: Path = PROGRAM,
    stack: str = "",
    account: str = "",
    preview: bool = False,
    file: Mapping[str, str] | None = None,
) -> Recording:
    """Run a program on a cloud's stack file, changed by `changes`. account: who the provider says it is (the pin).
    file: what to run it on instead."""
    given = {**(configuration(cloud) if file is None else file), **(changes or {})}
    job = {
        "program": str(program),
        "stack": stack or cloud,
        "configuration": given,
        "account": account or given["trifold:account"],
        "preview": preview,
    }
    return _record(cloud, str(state), json.dumps(job))


@cache
def _record(cloud: str, state: str, job: str) -> Recording:
    process = _recorder(cloud, state)
    process.stdin.write(f"{job}\n")
    process.stdin.flush()
    answer = process.stdout.readline()
    if not answer:
        raise AssertionError("the recorder ended without an answer; what it said is on standard error")
    return _recording(json.loads(answer))


@cache
def _recorder(cloud: str, state: str) -> subprocess.Popen:
    """The process that runs a cloud's programs; it ends with this one, whose end closes its input."""
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.conformance.recorder", cloud],
        cwd=ROOT,
        env={**os.environ, "TRIFOLD_STATE": state},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _recording(found: Mapping[str, Any]) -> Recording:
    by_urn = {one["urn"]: one for one in found["resources"]}
    outputs = {urn: reveal(from_wire(values)) for urn, values in found["outputs"].items()}
    stack = next((values for urn, values in outputs.items() if "pulumi:pulumi:Stack::" in urn), {})
    components = {by_urn[urn]["name"]: values for urn, values in outputs.items() if values is not stack}
    resources = tuple(_registered(one, by_urn) for one in found["resources"])
    return Recording(resources, tuple(found["invokes"]), stack, components, found["error"])


def _registered(one: Mapping[str, Any], by_urn: Mapping[str, Any]) -> Registered:
    parents, parent = [], one["parent"]
    while parent:
        parents.append(by_urn[parent]["type"])
        parent = by_urn[parent]["parent"]
    return Registered(
        urn=one["urn"],
        type=one["type"],
        name=one["name"],
        custom=one["custom"],
        inputs=reveal(from_wire(one["inputs"])),
        protect=one["protect"],
        retain=one["retain"],
        provider=one["provider"],
        ignored=tuple(one["ignored"]),
        dependencies=tuple(one["dependencies"]),
        aliases=tuple(one["aliases"]),
        parents=tuple(parents),
    )

"""The commands of docker, buildx, podman and buildah that build and push an image as a Docker v2 manifest.

SageMaker refuses OCI manifests ("Unsupported manifest media type application/vnd.oci.image.manifest.v1+json",
github.com/aws/amazon-sagemaker-feedback/issues/180), which are some of these tools' default.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from trifold.errors import UserError

PLATFORM = "linux/amd64"
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True)
class Tool:
    """One builder. build, push: (reference, context folder, file for the digest) -> commands, run in order.

    digest: reads what the last command printed and that file; "" where it finds none.
    """

    name: str
    build: Callable[[str, str, str], list[list[str]]]
    push: Callable[[str, str, str], list[list[str]]]
    digest: Callable[[str, str], str]


def buildx(output: str) -> Callable[[str, str, str], list[list[str]]]:
    """buildx builds and pushes in one step, from its cache the second time; no attestations, they need OCI types."""

    def commands(reference: str, context: str, digest: str) -> list[list[str]]:
        options = ["--platform", PLATFORM, "--provenance=false", "--sbom=false", "--output", output]
        return [["docker", "buildx", "build", *options, "--metadata-file", digest, "--tag", reference, context]]

    return commands


def classic(reference: str, context: str, digest: str) -> list[list[str]]:
    return [["docker", "build", "--platform", PLATFORM, "--tag", reference, context]]


def classic_push(reference: str, context: str, digest: str) -> list[list[str]]:
    return [
        ["docker", "push", reference],
        ["docker", "image", "inspect", "--format", "{{json .RepoDigests}}", reference],
    ]


def libpod(tool: str) -> Callable[[str, str, str], list[list[str]]]:
    """podman and buildah build alike; their default format is OCI."""
    options = ["--format", "docker", "--platform", PLATFORM]
    return lambda reference, context, digest: [[tool, "build", *options, "--tag", reference, context]]


def libpod_push(tool: str) -> Callable[[str, str, str], list[list[str]]]:
    return lambda reference, context, digest: [[tool, "push", "--format", "v2s2", "--digestfile", digest, reference]]


def from_metadata(printed: str, written: str) -> str:
    return str(json.loads(written or "{}").get("containerimage.digest", ""))


def from_file(printed: str, written: str) -> str:
    return written.strip()


def from_inspect(printed: str, written: str) -> str:
    found = DIGEST.search(printed)
    return found[0] if found else ""


LOAD, PUSH = "type=docker", "type=image,push=true,oci-mediatypes=false"
TOOLS = (
    Tool("buildx", buildx(LOAD), buildx(PUSH), from_metadata),
    Tool("podman", libpod("podman"), libpod_push("podman"), from_file),
    Tool("buildah", libpod("buildah"), libpod_push("buildah"), from_file),
    Tool("docker", classic, classic_push, from_inspect),
)


def find(wanted: str = "") -> Tool:
    """The builder asked for, or the first that is there. Raises UserError where there is none."""
    names = [tool.name for tool in TOOLS]
    if wanted and wanted not in names:
        raise UserError(f"there is no builder '{wanted}'", next=f"--tool {' or '.join(names)}")
    for tool in TOOLS:
        if wanted in ("", tool.name) and present(tool.name):
            return tool
    raise UserError(
        f"no {wanted or 'image builder'} on this machine",
        next=f"install one of {', '.join(names)}; local stacks need no image, they run the server as a process",
    )


def present(name: str) -> bool:
    """Whether the tool is on the PATH; buildx is docker's plugin, so docker is asked."""
    if name != "buildx":
        return shutil.which(name) is not None
    if shutil.which("docker") is None:
        return False
    return subprocess.run(["docker", "buildx", "version"], capture_output=True, timeout=30).returncode == 0


def run(commands: list[list[str]], cwd: Path) -> str:
    """Run them in order, their progress on the terminal; returns what the last one printed.

    Raises UserError with the command that failed.
    """
    printed = ""
    for number, command in enumerate(commands, start=1):
        last = number == len(commands)
        ended = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE if last else None, text=True)
        if ended.returncode:
            raise UserError(
                f"'{' '.join(command[:3])}' ended with status {ended.returncode}",
                where=" ".join(command),
                next="see what it printed; a push needs a login at the registry first (docs/serving.md)",
            )
        printed = ended.stdout or ""
    return printed

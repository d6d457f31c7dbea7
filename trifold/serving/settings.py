"""What the server is told by its environment and arguments: read once, checked, frozen."""

import argparse
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from trifold.errors import UserError

PLATFORMS = ("sagemaker", "azureml", "vertex")


@dataclass(frozen=True)
class Settings:
    """One server's settings. Sizes in bytes, times in seconds.

    package: a package folder or archive that is served instead of what the platform names ("" for the platform's).
    workspace: the one writable folder. threads: ONNX Runtime's. batch_wait: how long a request may wait for those that
    arrived with it. batch_rows: rows of one merged run. environment: the platform's own variables.
    """

    platform: str
    host: str
    port: int
    package: str
    workspace: Path
    threads: int
    max_body: int
    max_archive: int
    batch_rows: int
    batch_wait: float
    drain: float
    access_log: bool
    environment: Mapping[str, str]


def read(arguments: Sequence[str], environment: Mapping[str, str]) -> Settings:
    """Settings from the command line and the environment. Raises UserError naming the variable that is wrong."""
    given = parser().parse_args(arguments)
    platform = given.platform or detect(environment)
    return Settings(
        platform=platform,
        host=environment.get("TRIFOLD_HOST", "127.0.0.1"),
        port=port(platform, environment),
        package=given.package or environment.get("TRIFOLD_PACKAGE", ""),
        workspace=Path(environment.get("TRIFOLD_WORKSPACE") or Path(tempfile.gettempdir()) / "trifold"),
        threads=number(environment, "TRIFOLD_THREADS", default_threads(), 1, 64),
        max_body=number(environment, "TRIFOLD_MAX_BODY_BYTES", 1_500_000, 1, 1 << 30),
        max_archive=number(environment, "TRIFOLD_MAX_ARCHIVE_BYTES", 1 << 30, 1, 1 << 40),
        batch_rows=number(environment, "TRIFOLD_BATCH_ROWS", 256, 1, 1 << 20),
        batch_wait=number(environment, "TRIFOLD_BATCH_WAIT_US", 1000, 0, 1_000_000) / 1e6,
        drain=number(environment, "TRIFOLD_DRAIN_SECONDS", 30, 0, 3600),
        access_log=environment.get("TRIFOLD_ACCESS_LOG", "") == "1",
        environment=environment,
    )


def parser() -> argparse.ArgumentParser:
    """The command line. SageMaker starts an image with the one argument `serve`."""
    parser = argparse.ArgumentParser(prog="python -m trifold.serving", description="Serve one packaged model.")
    parser.add_argument("command", nargs="?", choices=["serve"], default="serve")
    parser.add_argument("--platform", choices=PLATFORMS, help="the container contract (default: by the environment)")
    parser.add_argument("--package", default="", help="a package folder or archive (default: what the platform names)")
    return parser


def detect(environment: Mapping[str, str]) -> str:
    """The platform whose variables are set; SageMaker's contract needs none."""
    if environment.get("AIP_HTTP_PORT") or environment.get("AIP_STORAGE_URI"):
        return "vertex"
    return "azureml" if environment.get("AZUREML_MODEL_DIR") else "sagemaker"


def port(platform: str, environment: Mapping[str, str]) -> int:
    """TRIFOLD_PORT, else the platform's: Vertex names it, Azure ML's environment declares ours, SageMaker's is 8080."""
    if environment.get("TRIFOLD_PORT"):
        return number(environment, "TRIFOLD_PORT", 0, 0, 65535)
    if platform == "vertex":
        return number(environment, "AIP_HTTP_PORT", 8080, 1, 65535)
    return 5001 if platform == "azureml" else 8080


def default_threads() -> int:
    """One core is left to the event loop; small models gain nothing beyond four."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(4, cores - 1))


def number(environment: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    """An integer variable within its bounds."""
    text = environment.get(name, "")
    if not text:
        return default
    try:
        value = int(text)
    except ValueError:
        value = low - 1
    if not low <= value <= high:
        raise UserError(f"{name} must be an integer from {low} to {high}, not '{text}'", next=f"set or unset {name}")
    return value

"""What a run writes down of itself: versions, what is up, what the doctor and the tests said."""

import json
import platform
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from tests.conformance import rig
from tests.live import plugin
from tests.live.calls import Caller
from tests.live.plan import Place
from tests.live.record import Found, Tried
from trifold.errors import UserError

SDKS = {
    "aws": ("pulumi-aws", "boto3"),
    "azure": ("pulumi-azure-native", "azure-ai-ml", "azure-storage-blob"),
    "gcp": ("pulumi-gcp", "google-cloud-aiplatform", "google-cloud-storage"),
}


def versions(cloud: str, place: Place) -> dict[str, str]:
    """Of the engine, the SDKs (a Python SDK asks for the plugin of its own version), Python and the kit."""
    found = {"pulumi": _pulumi(place), "Python": platform.python_version(), "kit": _commit()}
    for name in ("pulumi", *SDKS[cloud]):
        try:
            found[f"{name} (Python)"] = version(name)
        except PackageNotFoundError:
            found[f"{name} (Python)"] = "not installed"
    return found


def _pulumi(place: Place) -> str:
    if not place.pulumi:
        return f"none: the embedded engine of trifold {version('trifold')}"
    return place.called([place.engine[0], "version"]).stdout.strip()


def _commit() -> str:
    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=rig.ROOT, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    changed = " with uncommitted changes" if git("status", "--porcelain", "--untracked-files=no") else ""
    return f"{git('rev-parse', 'HEAD') or 'no commit'}{changed}"


def resources(stack: str, place: Place) -> dict[str, int]:
    """Type -> how many the stack has; none of a stack that is not there."""
    done = place.called([*place.engine, "stack", "export", "-s", stack])
    held = (json.loads(done.stdout).get("deployment") or {}).get("resources") or [] if done.returncode == 0 else []
    types = [one["type"] for one in held if one.get("custom") and not one["type"].startswith("pulumi:")]
    return dict(sorted(Counter(types).items()))


def doctor(stack: str, place: Place) -> list[Found]:
    """What is not ok. UserError where something would go wrong, or the account can't be asked."""
    done = place.asked("doctor", "-s", stack, "--json")
    if not done.stdout:
        raise UserError(done.stderr.strip().removeprefix("error: "), next=f"trifold doctor -s {stack}")
    found = [one for one in json.loads(done.stdout)["findings"] if one["severity"] != "ok"]
    for one in found:
        if one["severity"] == "error":
            raise UserError(f"the doctor: {one['what']}", one["where"], one["mend"] or f"trifold doctor -s {stack}")
    return [Found(one["severity"], one["check"], one["what"]) for one in found]


def suite(job: plugin.Job, call: Caller, until: float) -> Iterator[Tried]:
    """The conformance tests at the job's depth. RuntimeError where pytest itself went wrong."""
    file = job.results.with_suffix(".job")
    job.results.unlink(missing_ok=True)
    job.write(file)
    command = [sys.executable, "-W", "ignore", "-m", "pytest", "tests/conformance", "-p", "no:cacheprovider"]
    name = f"tests {job.depth}"
    status = call(name, [*command, "-p", "tests.live.plugin", "--live-job", str(file)], until, rig.ROOT)
    yield from results(job.results)
    if status not in (0, 1):
        raise RuntimeError(f"the tests did not come to their end (status {status}): {call.said(name)}")


def results(file: Path) -> Iterator[Tried]:
    """What the plugin wrote."""
    for line in file.read_text().splitlines() if file.exists() else []:
        yield Tried(**json.loads(line))


def masked(value: Any, account: str) -> Any:
    """The same without an account's id, which is nobody else's business."""
    if isinstance(value, str):
        return value.replace(account, "ACCOUNT")
    if isinstance(value, Mapping):
        return {key: masked(one, account) for key, one in value.items()}
    return [masked(one, account) for one in value] if isinstance(value, list | tuple) else value

"""The model from a bucket: by the vendor's own client, in a child process, against a real emulator."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from trifold.errors import UserError
from trifold.package import load
from trifold.package.archive import pack
from trifold.serving import platforms, settings
from trifold.serving.server import opened


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory, records: Path) -> Iterator[dict[str, str]]:
    """A bucket `models` that holds the package's archive below packages/records/; the environment that leads there."""
    folder = tmp_path_factory.mktemp("gcs")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "gcp-storage-emulator"), "start", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--in-memory", "--default-bucket", "models"]
    environment = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
    emulator = subprocess.Popen(command, env=environment, cwd=folder, stderr=subprocess.DEVNULL)
    try:
        base = f"http://127.0.0.1:{port}"
        wait_for(f"{base}/storage/v1/b/models", emulator)
        pack(records, folder / "model.tar.gz")
        for name in ("packages/records/model.tar.gz", "packages/records/notes.txt"):
            upload(base, name, (folder / "model.tar.gz").read_bytes())
        yield {"STORAGE_EMULATOR_HOST": base, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    finally:
        emulator.terminate()
        emulator.wait(10)


def wait_for(address: str, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5)
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the emulator did not come up")


def upload(base: str, name: str, content: bytes) -> None:
    address = f"{base}/upload/storage/v1/b/models/o?uploadType=media&name={name.replace('/', '%2F')}"
    request = urllib.request.Request(address, content, {"Content-Type": "application/gzip"})
    assert json.load(urllib.request.urlopen(request, timeout=30))["name"] == name


def test_the_model_comes_from_the_bucket(bucket: dict[str, str], records: Path, tmp_path: Path) -> None:
    environment = {**bucket, "AIP_STORAGE_URI": "gs://models/packages/records", "TRIFOLD_WORKSPACE": str(tmp_path)}
    chosen, before = settings.read([], environment), "google.cloud.storage" in sys.modules
    assert opened(chosen, platforms.adapter(chosen)).digest == load(records).digest
    assert ("google.cloud.storage" in sys.modules) == before  # it stayed in the child
    assert [path.name for path in tmp_path.rglob("model.tar.gz")] == []


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({"AIP_STORAGE_URI": "gs://models/nothing/here"}, "no object below gs://models/nothing/here"),
        (
            {"AIP_STORAGE_URI": "gs://models/packages/records", "TRIFOLD_MAX_ARCHIVE_BYTES": "100"},
            "more than the limit of 100",
        ),
    ],
)
def test_a_failed_download_says_why(
    bucket: dict[str, str], tmp_path: Path, environment: dict[str, str], reason: str
) -> None:
    chosen = settings.read([], {**bucket, **environment, "TRIFOLD_WORKSPACE": str(tmp_path)})
    with pytest.raises(UserError, match=reason):
        opened(chosen, platforms.adapter(chosen))

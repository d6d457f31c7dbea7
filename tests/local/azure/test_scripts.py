"""Scripts after Microsoft's own guides, run as their readers run them: no endpoint argument, only the environment.

Each does what its page does, call by call, with other names; they build on one another in the order of the file.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.e2e

SCRIPTS = Path(__file__).parent / "scripts"
GROUP, ACCOUNT, CONTAINER, VAULT, WORKSPACE = "docs-group", "docsaccount1", "docs-container", "docs-vault", "docs-space"
ENDPOINT = "docs-endpoint"
IMAGE = f"trifold-serving@sha256:{'0' * 64}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scripts")


@pytest.fixture(scope="module")
def request_file(clouds: Any, folder: Path) -> Path:
    """A real package; its archive and a request are at hand for the scripts."""
    built = clouds.trifold("model", "build", "digits")
    assert built.returncode == 0, built.stderr
    found = clouds.state / "packages" / "digits" / "current"
    sample = json.loads((found / "package" / "sample.json").read_text())
    (folder / "model.tar.gz").write_bytes((found / "model.tar.gz").read_bytes())
    (folder / "request.json").write_text(json.dumps(sample["request"]))
    return folder / "request.json"


def run(clouds: Any, folder: Path, name: str, *arguments: str) -> list[str]:
    command = [sys.executable, "-W", "ignore", str(SCRIPTS / name), *arguments]
    done = subprocess.run(command, cwd=folder, env=clouds.env, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_resource_groups(clouds: Any, folder: Path) -> None:
    said = run(clouds, folder, "resource_group.py", "docs-first")
    assert said[0] == "Provisioned resource group docs-first in the eastus region"
    assert "'department': 'tech'" in said[1]
    assert "docs-first" in said[2] and "docs-first" not in said[3]


def test_a_storage_account(clouds: Any, folder: Path) -> None:
    said = run(clouds, folder, "storage_account.py", GROUP, ACCOUNT, CONTAINER)
    assert said == [f"Provisioned storage account {ACCOUNT}", f"Provisioned blob container {CONTAINER}"]


def test_blobs(clouds: Any, folder: Path) -> None:
    said = run(clouds, folder, "blobs.py")
    assert said == ["Listing blobs... [True]", "Hello, World!", "True {'kind': 'test'}", "True", "False"]


def test_signatures_open_what_they_say(clouds: Any, folder: Path) -> None:
    said = run(clouds, folder, "blob_signatures.py", CONTAINER)
    assert said == [
        "shared",
        "shared",
        "403 AuthenticationFailed",
        "403 AuthorizationPermissionMismatch",
        "403 AuthenticationFailed",
        "allowed",  # an owner may ask about the account, but not read what is in it
        "403 AuthorizationPermissionMismatch",
        "409 PublicAccessNotPermitted",
    ]


def test_versions(clouds: Any, folder: Path) -> None:
    said = run(clouds, folder, "blob_versions.py", GROUP, ACCOUNT, CONTAINER)
    assert said[:4] == ["True True", "[(True, False), (False, True)]", "first", "{'number': '1'} True True"]
    assert said[4].startswith("['other.txt', 'shared.txt']")
    assert said[5] == "BlobNotFound"


def test_identities_and_roles(clouds: Any, folder: Path) -> None:
    said = run(clouds, folder, "identities.py", GROUP, "docs-identity", VAULT)
    assert said == ["docs-identity 36", f"https://{VAULT}.vault.azure.net/", f"True ['{VAULT}']"]


def test_a_workspace(clouds: Any, folder: Path) -> None:
    assert run(clouds, folder, "workspace.py", GROUP, ACCOUNT, VAULT, WORKSPACE) == ["Succeeded"]


def test_an_online_endpoint(clouds: Any, folder: Path, request_file: Path) -> None:
    said = run(clouds, folder, "online_endpoint.py", GROUP, WORKSPACE, ENDPOINT, IMAGE, "model.tar.gz", "request.json")
    assert [line.strip(".") for line in said[-4:]] == ["{'blue': 100}", "True", '{"predictions":[', "True"]


def test_a_safe_rollout(clouds: Any, folder: Path, request_file: Path) -> None:
    said = run(clouds, folder, "safe_rollout.py", GROUP, WORKSPACE, ENDPOINT, "request.json")
    printed = [line.strip(".") for line in said if line.strip(".")]
    assert printed == ['{"predictions":[', "{'blue': 90, 'green': 10}", "BadRequest", "['green']", "[]"]

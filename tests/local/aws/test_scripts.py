"""Scripts after AWS's own guides, run as their readers run them: no endpoint argument, nothing but the environment.

Each does what its page does, call by call, with other names; they build on one another in the order of the table.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.e2e

SCRIPTS = Path(__file__).parent / "scripts"
BUCKET = "amzn-s3-demo-bucket"
IMAGE = f"000000000000.dkr.ecr.us-east-1.amazonaws.com/demo/trifold-serving@sha256:{'0' * 64}"
ROWS = 5


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("scripts")
    (made / "FILE_NAME").write_bytes(bytes(range(256)) * 50_000)
    return made


@pytest.fixture(scope="module")
def package(clouds: Any, folder: Path) -> Path:
    """A real package; its archive and a request are at hand for the scripts."""
    built = clouds.trifold("model", "build", "digits")
    assert built.returncode == 0, built.stderr
    found = clouds.state / "packages" / "digits" / "current"
    sample = json.loads((found / "package" / "sample.json").read_text())
    (folder / "request.json").write_text(json.dumps({"instances": sample["request"]["instances"][:ROWS]}))
    (folder / "model.tar.gz").write_bytes((found / "model.tar.gz").read_bytes())
    return found


def run(clouds: Any, folder: Path, name: str, *arguments: str) -> str:
    command = [sys.executable, str(SCRIPTS / name), *arguments]
    done = subprocess.run(command, cwd=folder, env=clouds.env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_buckets(clouds: Any, folder: Path) -> None:
    assert f"  {BUCKET}\n" in run(clouds, folder, "s3_buckets.py", BUCKET)


def test_files(clouds: Any, folder: Path) -> None:
    said = run(clouds, folder, "s3_files.py", BUCKET, "FILE_NAME")
    assert "(100.00%)" in said
    assert said.endswith("{'mykey': 'myvalue'}\n")
    for back in ("downloaded", "downloaded-2"):
        assert (folder / back).read_bytes() == (folder / "FILE_NAME").read_bytes()


def test_presigned_addresses(clouds: Any, folder: Path) -> None:
    assert run(clouds, folder, "s3_presigned.py", BUCKET) == "200 shared\n"


def test_bucket_policies(clouds: Any, folder: Path) -> None:
    assert "AddPerm" in run(clouds, folder, "s3_policy.py", BUCKET)


def test_role_policies(clouds: Any, folder: Path) -> None:
    assert run(clouds, folder, "iam_policies.py", "demo-role", BUCKET) == "myPolicy\n['myPolicy']\n"


def test_an_endpoint(clouds: Any, folder: Path, package: Path) -> None:
    run(clouds, folder, "s3_files.py", BUCKET, "model.tar.gz")
    said = run(
        clouds, folder, "sagemaker_endpoint.py", "demo-role", f"s3://{BUCKET}/folder/object", IMAGE, "request.json"
    )
    arn = "arn:aws:sagemaker:us-east-1:000000000000:endpoint-config/my-config"
    assert said.splitlines() == [f"Created EndpointConfig: {arn}", "InService", str(ROWS)]


def test_its_variants(clouds: Any, folder: Path, package: Path) -> None:
    said = run(clouds, folder, "sagemaker_variants.py", "request.json")
    assert said.splitlines() == ["Variant2", "{'Variant2'}", "['my-policy']", "[]"]

"""The documentation of AWS's SDK for Python, run as its readers run it: no endpoint argument, just the environment.

`*_guide` and `*_reference` read their code from the installed packages and change names only. `samples_*` run AWS's
sample repositories as they are, where a folder has them; none of their code is kept here. The others are in our own
words, for what the packages' documentation does not show; they build on one another in the order of this file.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.e2e

SCRIPTS = Path(__file__).parent / "scripts"
# Runs several in one process, and changes names in what a package's documentation says.
RUNNER = Path(__file__).parents[1] / "scripts" / "run.py"
SAMPLES = os.environ.get("TRIFOLD_AWS_SAMPLES", "")
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


def documented(clouds: Any, folder: Path, script: str, **names: str) -> None:
    """A script that changes names only: it raises where what it shows is not so."""
    command = [sys.executable, str(RUNNER), json.dumps({"bucket": BUCKET, **names}), str(SCRIPTS / f"{script}.py")]
    environment = {**clouds.env, "PYTHONPATH": str(SCRIPTS)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {script: ""}, json.loads(done.stdout)[script]


@pytest.mark.parametrize("script", ["s3_guide", "s3_reference", "accounts_reference"])
def test_the_documentation_of_boto3(clouds: Any, folder: Path, script: str) -> None:
    documented(clouds, folder, script)


@pytest.fixture(scope="module")
def bucket(clouds: Any, folder: Path) -> str:
    made = f"import boto3; boto3.client('s3').create_bucket(Bucket={BUCKET!r})"
    subprocess.run([sys.executable, "-c", made], env=clouds.env, check=True, timeout=120)
    return BUCKET


def test_files(clouds: Any, folder: Path, bucket: str) -> None:
    said = run(clouds, folder, "s3_files.py", bucket, "FILE_NAME")
    assert "(100.00%)" in said
    assert said.endswith("{'mykey': 'myvalue'}\n")
    for back in ("downloaded", "downloaded-2"):
        assert (folder / back).read_bytes() == (folder / "FILE_NAME").read_bytes()


def test_presigned_addresses(clouds: Any, folder: Path, bucket: str) -> None:
    assert run(clouds, folder, "s3_presigned.py", bucket) == "200 shared\n"


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
    assert said.splitlines() == ["Variant2", "{'Variant2'}"]


def test_the_reference_scales_tags_and_deletes_it(clouds: Any, folder: Path) -> None:
    documented(clouds, folder, "sagemaker_reference", endpoint="my-endpoint", variant="Variant2")


@pytest.mark.skipif(not SAMPLES, reason="TRIFOLD_AWS_SAMPLES names no folder with AWS's sample repositories")
@pytest.mark.parametrize("script", ["samples_guide", "samples_sagemaker"])
def test_samples(clouds: Any, folder: Path, package: Path, bucket: str, script: str) -> None:
    run(clouds, folder, "s3_files.py", bucket, "model.tar.gz")
    served = {"image": IMAGE, "archive": f"s3://{bucket}/folder/object", "role": "demo-role"}
    documented(clouds, folder, script, samples=SAMPLES, request=(folder / "request.json").read_text(), **served)

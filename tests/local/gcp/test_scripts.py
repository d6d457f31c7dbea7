"""What Google's own documentation shows, run through the door with no endpoint argument and no emulator switch."""

import json
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).with_name("scripts")
STORAGE = sorted(path.stem for path in SCRIPTS.glob("storage_*.py"))
VERTEX = sorted(path.stem for path in SCRIPTS.glob("vertex_*.py"))
IMAGE = f"us-central1-docker.pkg.dev/local/images/trifold-serving@sha256:{'0' * 64}"

pytestmark = pytest.mark.e2e


def run(clouds, scripts, names):
    command = [
        sys.executable,
        str(SCRIPTS / "run.py"),
        json.dumps(names),
        *(str(SCRIPTS / f"{one}.py") for one in scripts),
    ]
    done = subprocess.run(command, env=clouds.env, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def storage(clouds):
    return run(clouds, STORAGE, {"bucket": f"scripts-{uuid.uuid4().hex[:8]}"})


@pytest.fixture(scope="module")
def vertex(clouds):
    """The Vertex AI scripts need a packaged model in a bucket of their own."""
    built = clouds.trifold("model", "build", "flights")
    assert built.returncode == 0, built.stderr
    package = (clouds.state / "packages" / "flights" / "current").resolve()
    sample = json.loads((package / "package" / "sample.json").read_text())
    name = f"scripts-{uuid.uuid4().hex[:8]}"
    upload = (
        "import sys; from google.cloud import storage; "
        f"bucket = storage.Client().create_bucket('{name}', location='us-central1'); "
        "bucket.blob('flights/model.tar.gz').upload_from_filename(sys.argv[1])"
    )
    command = [sys.executable, "-c", upload, str(package / "model.tar.gz")]
    subprocess.run(command, env=clouds.env, check=True, timeout=60)
    names = {"bucket": name, "model": name, "image": IMAGE, "artifacts": f"gs://{name}/flights"}
    return run(clouds, VERTEX, {**names, "instances": sample["request"]["instances"][:2]})


@pytest.mark.parametrize("script", STORAGE)
def test_cloud_storage(storage, script):
    assert storage[script] == ""


@pytest.mark.parametrize("script", VERTEX)
def test_vertex_ai(vertex, script):
    assert vertex[script] == ""

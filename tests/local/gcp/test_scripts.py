"""The documentation of Google's SDKs, run through the door with no endpoint argument and no emulator switch.

`*_readme` and `*_reference` read their code from the installed packages and change names only. `samples_*` run Google's
sample repositories as they are, where a folder has them; none of their code is kept here. The others are in our words.
"""

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).with_name("scripts")
RUNNER = Path(__file__).parents[1] / "scripts" / "run.py"
STORAGE = sorted(path.stem for path in SCRIPTS.glob("storage_*.py"))
VERTEX = sorted(path.stem for path in SCRIPTS.glob("vertex_*.py"))
SAMPLES = sorted(path.stem for path in SCRIPTS.glob("samples_*.py"))
FOLDER = os.environ.get("TRIFOLD_GOOGLE_SAMPLES", "")
IMAGE = f"us-central1-docker.pkg.dev/local/images/trifold-serving@sha256:{'0' * 64}"

pytestmark = pytest.mark.e2e


def run(clouds, scripts, names):
    command = [
        sys.executable,
        str(RUNNER),
        json.dumps(names),
        *(str(SCRIPTS / f"{one}.py") for one in scripts),
    ]
    done = subprocess.run(command, env=clouds.env, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def python(clouds, code):
    subprocess.run([sys.executable, "-c", code], env=clouds.env, check=True, timeout=120)


@pytest.fixture(scope="module")
def storage(clouds):
    return run(clouds, STORAGE, {"bucket": f"scripts-{uuid.uuid4().hex[:8]}"})


@pytest.fixture(scope="module")
def names(clouds):
    """What the Vertex AI scripts need: a packaged model in a bucket of its own."""
    built = clouds.trifold("model", "build", "flights")
    assert built.returncode == 0, built.stderr
    package = (clouds.state / "packages" / "flights" / "current").resolve()
    sample = json.loads((package / "package" / "sample.json").read_text())
    name = f"scripts-{uuid.uuid4().hex[:8]}"
    bucket = f"from google.cloud import storage; bucket = storage.Client().bucket('{name}'); "
    upload = f"bucket.blob('flights/model.tar.gz').upload_from_filename({str(package / 'model.tar.gz')!r})"
    python(clouds, f"{bucket} bucket.create(location='us-central1'); {upload}")
    given = {"bucket": name, "model": name, "image": IMAGE, "artifacts": f"gs://{name}/flights"}
    yield {**given, "instances": sample["request"]["instances"][:2]}
    python(clouds, bucket + "bucket.delete(force=True)")


@pytest.fixture(scope="module")
def vertex(clouds, names):
    return run(clouds, VERTEX, names)


@pytest.mark.parametrize("script", STORAGE)
def test_cloud_storage(storage, script):
    assert storage[script] == ""


@pytest.mark.parametrize("script", VERTEX)
def test_vertex_ai(vertex, script):
    assert vertex[script] == ""


@pytest.mark.skipif(not FOLDER, reason="TRIFOLD_GOOGLE_SAMPLES names no folder of Google's samples")
@pytest.mark.parametrize("script", SAMPLES)
def test_samples(clouds, names, script):
    assert run(clouds, [script], {**names, "samples": FOLDER})[script] == ""

"""What keeps a stack safe, taken out of the code piece by piece: for each, the test that a user can trust to fail.

    python -m tests.conformance.removals [WORD ...]      # those whose name holds a word, else all

Each is tried in a copy of the checkout, which imports its own code. The test passes there before and fails after.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STACK, STORAGE, ENDPOINT, GRANTS, DESTROY = (
    f"tests/conformance/test_{name}.py::test_" for name in ("stack", "storage", "endpoint", "grants", "destroy")
)


@dataclass(frozen=True)
class Removal:
    """name: what is taken away. file: where; old: the text that has it, once in the file; new: the text without.
    test: the one that fails then."""

    name: str
    file: str
    old: str
    new: str
    test: str


def pin(cloud: str, old: str) -> Removal:
    test = f"{STACK}another_account_is_refused_before_anything_is_registered[{cloud}]"
    return Removal(f"the pin of the account on {cloud}", f"infra/{cloud}/account.py", old, "if False:", test)


REMOVALS = (
    pin("aws", "if found.account_id != settings.account:"),
    pin("azure", "if found.subscription_id != settings.account:"),
    pin("gcp", "if found.project_id != settings.account:"),
    Removal(
        "grant: the endpoints' role pulls images",
        "infra/aws/foundation.py",
        '"ecr:BatchGetImage", ',
        "",
        f"{GRANTS}each_one_is_tried_with_it_and_without_it[aws]",
    ),
    Removal(
        "grant: Vertex AI's servers read the bucket",
        "infra/gcp/endpoint.py",
        'role="roles/storage.objectViewer"',
        'role="roles/storage.legacyBucketReader"',
        f"{GRANTS}each_one_is_tried_with_it_and_without_it[gcp]",
    ),
    Removal(
        "dependency: the right to read comes before the model on aws",
        "infra/aws/endpoint.py",
        "depends_on=[may_read, self._may_log]",
        "depends_on=[]",
        f"{ENDPOINT}grants_come_before_the_model_that_needs_them[aws]",
    ),
    Removal(
        "dependency: the right to read comes before the model on gcp",
        "infra/gcp/endpoint.py",
        "depends_on=[self._may_read, *self._foundation.services]",
        "depends_on=[]",
        f"{ENDPOINT}grants_come_before_the_model_that_needs_them[gcp]",
    ),
    Removal(
        "protection: the bucket is private",
        "infra/aws/storage.py",
        "restrict_public_buckets=True",
        "restrict_public_buckets=False",
        f"{STORAGE}it_is_private[aws]",
    ),
    Removal(
        "protection: the bucket answers TLS only",
        "infra/aws/storage.py",
        '"Effect": "Deny"',
        '"Effect": "Allow"',
        f"{STORAGE}it_takes_encrypted_transport_only[aws]",
    ),
    Removal(
        "protection: Cloud Storage keeps the public out",
        "infra/gcp/storage.py",
        'public_access_prevention="enforced"',
        'public_access_prevention="inherited"',
        f"{STORAGE}it_is_private[gcp]",
    ),
    Removal(
        "protection: a kept store is protected",
        "infra/keeping.py",
        "protect=True, ",
        "",
        f"{DESTROY}keep_is_the_default[azure]",
    ),
    Removal(
        "protection: a kept store outlives a destroy",
        "infra/keeping.py",
        "retain_on_delete=True, ",
        "",
        f"{DESTROY}keep_is_the_default[gcp]",
    ),
    Removal(
        "lock: no image is overwritten under its tag",
        "infra/aws/foundation.py",
        'image_tag_mutability="IMMUTABLE"',
        'image_tag_mutability="MUTABLE"',
        f"{GRANTS}each_one_is_tried_with_it_and_without_it[aws]",
    ),
)


def fails(removal: Removal, copy: Path) -> tuple[bool, str]:
    """Whether the test fails without it, and what pytest said. AssertionError if it fails with it, too."""
    file = copy / removal.file
    whole = file.read_text()
    assert whole.count(removal.old) == 1, f"{removal.file} does not have it once: {removal.old}"
    before = run(removal.test, copy)
    assert before.returncode == 0, f"{removal.test} fails with it, too:\n{before.stdout[-2000:]}"
    file.write_text(whole.replace(removal.old, removal.new))
    try:
        after = run(removal.test, copy)
    finally:
        file.write_text(whole)
    return after.returncode == 1, after.stdout


def run(test: str, copy: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test]
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, timeout=300)


def copied(folder: Path) -> Path:
    """The files of the checkout, but what git ignores, in a folder of their own."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_file():
            shutil.copy2(ROOT / name, folder / name)
    return folder


def tried(words: list[str]) -> Iterator[str]:
    """A line for each."""
    with tempfile.TemporaryDirectory(prefix="trifold-removals-") as folder:
        copy = copied(Path(folder))
        for one in REMOVALS:
            if not words or any(word in one.name for word in words):
                noticed, _ = fails(one, copy)
                yield f"{'noticed' if noticed else 'NOT NOTICED'}  {one.name}  by {one.test}"


if __name__ == "__main__":
    for line in tried(sys.argv[1:]):
        print(line, flush=True)

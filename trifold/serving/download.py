"""The child that brings a model from Cloud Storage: `python -m trifold.serving.download URI FOLDER BYTES`."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from trifold.serving.unpacking import ARCHIVE

T = TypeVar("T")
# A new grant works within two minutes as a rule, and may take seven or more
# (https://cloud.google.com/iam/docs/access-change-propagation): so long a server waits for the right to read its model.
GRANT, GRANT_SECONDS = "TRIFOLD_GRANT_SECONDS", 300.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0


def main(uri: str, folder: str, limit: str) -> None:
    """Download; ends with status 1 and the reason as the last line of stderr."""
    try:
        download(uri, Path(folder), int(limit))
    except Exception as error:  # whatever the vendor's library raises is a reason, not a traceback
        sys.exit(f"{type(error).__name__}: {error}".replace("\n", " "))


def download(uri: str, folder: Path, limit: int) -> None:
    """The archive below the prefix, or all files there if it was uploaded unpacked; at most `limit` bytes."""
    from google.cloud import storage  # type: ignore[attr-defined, unused-ignore]

    bucket, _, prefix = uri.removeprefix("gs://").partition("/")
    prefix = prefix.rstrip("/")
    client = storage.Client(project="unused")  # reading objects needs no project; asking for one would need metadata
    below = f"{prefix}/" if prefix else None
    blobs = chosen(permitted(lambda: list(client.list_blobs(bucket, prefix=below, max_results=1000))), prefix)
    if not blobs:
        raise FileNotFoundError(f"no object below {uri}")
    size = sum(blob.size or 0 for blob in blobs.values())
    if size > limit:
        raise ValueError(f"{size} bytes below {uri}, more than the limit of {limit}")
    for name, blob in blobs.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        permitted(lambda blob=blob, target=target: blob.download_to_filename(str(target)))  # type: ignore[misc]


def permitted(call: Callable[[], T]) -> T:
    """What the call gives, once it is allowed; the denial where it still is not when a grant would have come."""
    from google.api_core.exceptions import Forbidden

    pause, until = FIRST_PAUSE, time.monotonic() + float(os.environ.get(GRANT) or GRANT_SECONDS)
    while True:
        try:
            return call()
        except Forbidden:
            if time.monotonic() + pause > until:
                raise
        time.sleep(pause)
        pause = min(pause * 1.5, LONGEST_PAUSE)


def chosen(blobs: list[Any], prefix: str) -> dict[str, Any]:
    """Which objects to bring, by their path below the prefix: the archive alone where there is one."""
    names = {blob.name.removeprefix(prefix).lstrip("/"): blob for blob in blobs}
    safe = {name: blob for name, blob in names.items() if name and ".." not in PurePosixPath(name).parts}
    return {ARCHIVE: safe[ARCHIVE]} if ARCHIVE in safe else safe


if __name__ == "__main__":
    main(*sys.argv[1:4])

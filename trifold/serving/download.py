"""The child that brings a model from Cloud Storage: `python -m trifold.serving.download URI FOLDER BYTES`."""

import sys
from pathlib import Path, PurePosixPath
from typing import Any

from trifold.serving.unpacking import ARCHIVE


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
    blobs = chosen(list(client.list_blobs(bucket, prefix=f"{prefix}/" if prefix else None, max_results=1000)), prefix)
    if not blobs:
        raise FileNotFoundError(f"no object below {uri}")
    size = sum(blob.size or 0 for blob in blobs.values())
    if size > limit:
        raise ValueError(f"{size} bytes below {uri}, more than the limit of {limit}")
    for name, blob in blobs.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        blob.download_to_filename(str(target))


def chosen(blobs: list[Any], prefix: str) -> dict[str, Any]:
    """Which objects to bring, by their path below the prefix: the archive alone where there is one."""
    names = {blob.name.removeprefix(prefix).lstrip("/"): blob for blob in blobs}
    safe = {name: blob for name, blob in names.items() if name and ".." not in PurePosixPath(name).parts}
    return {ARCHIVE: safe[ARCHIVE]} if ARCHIVE in safe else safe


if __name__ == "__main__":
    main(*sys.argv[1:4])

"""Model data on its way from S3 to a server's folder."""

import io
import logging
import shutil
import tarfile
from pathlib import Path
from urllib.parse import urlsplit

from trifold.local.aws.api.emulator import Emulator
from trifold.local.aws.api.sagemaker import words

# The smallest instances have 30 GB; what a machine at hand gives to one copy of a model is less.
UNPACKED_LIMIT = 4 << 30
log = logging.getLogger("trifold.local.aws")


class LaunchFailed(Exception):
    """An instance could not be brought into service; the text is the endpoint's FailureReason."""


def location(url: str) -> tuple[str, str]:
    """Bucket and key of s3://bucket/key, or of its https form."""
    parts = urlsplit(url)
    if parts.scheme == "s3":
        return parts.netloc, parts.path.lstrip("/")
    if parts.netloc.startswith("s3."):
        bucket, _, key = parts.path.lstrip("/").partition("/")
        return bucket, key
    return parts.netloc.partition(".s3.")[0], parts.path.lstrip("/")


def place(emulator: Emulator, url: str, folder: Path) -> None:
    """Unpack the archive at `url` into `folder`, which is made anew. Raises LaunchFailed. Blocks."""
    content = emulator.object(*location(url))
    if content is None:
        raise LaunchFailed(words.no_download(url))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as archive:
            _check_size(archive, url)
            archive.extractall(folder, filter="data")
    except (tarfile.TarError, OSError, EOFError) as error:
        log.warning("%s: %s", url, error)
        raise LaunchFailed(words.bad_archive(url)) from None


def _check_size(archive: tarfile.TarFile, url: str) -> None:
    total = 0
    for member in archive:
        total += member.size
        if total > UNPACKED_LIMIT:
            raise LaunchFailed(words.large_archive(url))

"""Which images can run here: the kit's own server, by name and pinned by digest. Nothing is pulled or unpacked."""

import re
import sys

from trifold.local.contract import UnknownImage

SERVER = "trifold-serving"
PINNED = re.compile(r"(?P<path>[^@]+)@sha256:[0-9a-f]{64}")


def resolve(image: str) -> list[str]:
    """The command that a reference stands for. Raises UnknownImage with the reason."""
    found = PINNED.fullmatch(image)
    if found is None:
        raise UnknownImage(f"{image}: not pinned by digest (name@sha256:<64 hexadecimal digits>)")
    if found["path"].rpartition("/")[2].partition(":")[0] != SERVER:
        raise UnknownImage(f"{image}: not found; the local clouds run '{SERVER}' only")
    return [sys.executable, "-m", "trifold.serving"]

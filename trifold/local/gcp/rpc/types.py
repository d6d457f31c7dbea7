"""Vertex AI's message classes without its clients.

Importing `google.cloud.aiplatform_v1` takes seconds, since it brings every client; its message modules take a tenth of
one. They are imported below empty stand-ins of their packages, which are taken away again, so that the real package
can still be imported in this process and then finds the very same message modules.
"""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

PACKAGE = "google.cloud.aiplatform_v1"


def folder() -> Path:
    """Where the package lies."""
    import google.cloud

    for place in google.cloud.__path__:
        if (Path(place) / "aiplatform_v1").is_dir():
            return Path(place) / "aiplatform_v1"
    raise ModuleNotFoundError(f"{PACKAGE} is not installed")


def load(module: str) -> ModuleType:
    """A module by its full name; one of the message modules comes without the clients."""
    if not module.startswith(f"{PACKAGE}.types.") or PACKAGE in sys.modules:
        return importlib.import_module(module)
    with _stand_ins():
        return importlib.import_module(module)


@contextmanager
def _stand_ins() -> Iterator[None]:
    places = {PACKAGE: folder(), f"{PACKAGE}.types": folder() / "types"}
    for name, place in places.items():
        stand_in = ModuleType(name)
        stand_in.__path__ = [str(place)]
        sys.modules[name] = stand_in
    try:
        yield
    finally:
        for name in places:
            del sys.modules[name]

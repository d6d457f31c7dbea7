"""The package format: one folder, one digest, the same bytes on every cloud. Build, verify, load, unpack.

Importing this is cheap: what needs ONNX Runtime or NumPy is imported when it is used.
"""

import importlib
from typing import TYPE_CHECKING, Any

from trifold.package.errors import BuildError, PackageError
from trifold.package.folder import Package, current, load
from trifold.package.signature import Column, OutputColumn, Signature
from trifold.package.verify import verify

if TYPE_CHECKING:
    from trifold.package.archive import unpack
    from trifold.package.recipe import TrainedModel, packaged

__all__ = [
    "BuildError",
    "Column",
    "OutputColumn",
    "Package",
    "PackageError",
    "Signature",
    "TrainedModel",
    "current",
    "load",
    "packaged",
    "unpack",
    "verify",
]

# A server starts without these, and starts quicker for it.
LATER = {"unpack": "archive", "TrainedModel": "recipe", "packaged": "recipe"}


def __getattr__(name: str) -> Any:
    if name not in LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{LATER[name]}"), name)

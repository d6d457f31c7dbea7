"""The package format: one folder, one digest, the same bytes on every cloud. Build, verify, load, unpack.

Importing this is cheap: what needs ONNX Runtime or NumPy is imported when it is used.
"""

from trifold.package.archive import unpack
from trifold.package.errors import BuildError, PackageError
from trifold.package.folder import Package, current, load
from trifold.package.recipe import TrainedModel, packaged
from trifold.package.signature import Column, OutputColumn, Signature
from trifold.package.verify import verify

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

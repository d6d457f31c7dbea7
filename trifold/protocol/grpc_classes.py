"""Pulumi's generated gRPC classes, without the rest of the SDK: `import pulumi` takes most of a second, these a tenth.

The SDK's folder of generated modules is mounted as a package of its own; its modules import each other relatively, and
protobuf gives one class a message type however often its module is loaded.
"""

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

MOUNT = "trifold_pulumi_proto"


def _mount() -> None:
    spec = importlib.util.find_spec("pulumi")
    if spec is None or not spec.submodule_search_locations:
        raise ImportError("the pulumi package is not installed: pip install 'trifold[engine]'")
    package = ModuleType(MOUNT)
    package.__path__ = [str(Path(spec.submodule_search_locations[0]) / "runtime" / "proto")]
    sys.modules[MOUNT] = package


def _load(name: str) -> Any:
    if MOUNT not in sys.modules:
        _mount()
    return importlib.import_module(f"{MOUNT}.{name}")


engine = _load("engine_pb2")
engine_rpc = _load("engine_pb2_grpc")
plugin = _load("plugin_pb2")
provider = _load("provider_pb2")
provider_rpc = _load("provider_pb2_grpc")
status = _load("status_pb2")

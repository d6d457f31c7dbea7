"""Tests of Pulumi programs on the embedded engine: `pulumi_stack` in pytest, `Stack` anywhere. See docs/testing.md."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trifold.protocol.declaration import Failure, InvalidInputs
    from trifold.protocol.values import UNKNOWN, Archive, Asset, Secret
    from trifold.testing.cloud import Cloud, Object
    from trifold.testing.faults import THROTTLED, Call, Fault
    from trifold.testing.resources import Provider, Resource
    from trifold.testing.results import Result
    from trifold.testing.stack import Stack
    from trifold.testing.steps import Step
    from trifold.testing.values import SECRET

# Where each name is; imported when it is first asked for, since pytest loads the plugin in every session.
_PLACES = {
    **dict.fromkeys(("Failure", "InvalidInputs"), "trifold.protocol.declaration"),
    **dict.fromkeys(("UNKNOWN", "Archive", "Asset", "Secret"), "trifold.protocol.values"),
    **dict.fromkeys(("Cloud", "Object"), "trifold.testing.cloud"),
    **dict.fromkeys(("THROTTLED", "Call", "Fault"), "trifold.testing.faults"),
    **dict.fromkeys(("Provider", "Resource"), "trifold.testing.resources"),
    "Result": "trifold.testing.results",
    "Stack": "trifold.testing.stack",
    "Step": "trifold.testing.steps",
    "SECRET": "trifold.testing.values",
}
__all__ = [
    "SECRET",
    "THROTTLED",
    "UNKNOWN",
    "Archive",
    "Asset",
    "Call",
    "Cloud",
    "Failure",
    "Fault",
    "InvalidInputs",
    "Object",
    "Provider",
    "Resource",
    "Result",
    "Secret",
    "Stack",
    "Step",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_PLACES[name]), name)

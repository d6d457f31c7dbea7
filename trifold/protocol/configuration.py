"""A provider's own inputs as plain values: on the wire, all but text is JSON inside text (pulumi/sdk: a provider
resource's properties), and the engine adds keys of its own."""

import json
from collections.abc import Mapping
from typing import Any

from trifold.protocol.values import from_wire, reveal

# Keys the engine keeps among a provider's inputs, which are none of the provider's.
ENGINE = ("version", "pluginDownloadURL", "parameterization", "name", "__internal", "__defaults")


def unpack(configuration: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The provider inputs as plain values, by the class that describes them ("module:Class"); "" leaves text alone."""
    given = {key: reveal(value) for key, value in inputs.items() if key not in ENGINE}
    if not configuration:
        return given
    from trifold.protocol.shapes import alternatives, load, shape  # brings in the Pulumi SDK

    hints = shape(load(configuration)).inputs
    texts = {key for key, hint in hints.items() if str in alternatives(hint)}
    return {key: value if key in texts or key not in hints else _value(value) for key, value in given.items()}


def _value(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return reveal(from_wire(json.loads(value)))
    except ValueError:
        return value

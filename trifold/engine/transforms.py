"""Transforms: functions of the program that change a resource's properties and options, or an invoke's arguments."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from trifold.engine import proto
from trifold.engine.callbacks import Callbacks
from trifold.engine.properties import Properties
from trifold.protocol.values import decode, encode

Transform = Callable[[Any, str, Properties, Any], tuple[Properties, Any]]
InvokeTransform = Callable[[str, Properties, Any], tuple[Properties, Any]]


@dataclass
class Transforms:
    """The transforms of one run: of the stack, of single resources (their children's too), and of invokes."""

    callbacks: Callbacks
    of_stack: list[Transform] = field(default_factory=list)
    of_resource: dict[str, list[Transform]] = field(default_factory=dict)
    of_invokes: list[InvokeTransform] = field(default_factory=list)

    def wrap(self, callback: Any) -> Transform:
        """A transform of resources: (request, parent, properties, options) -> (properties, options)."""
        call = self.callbacks.function(callback)

        def transform(request: Any, parent: str, properties: Properties, options: Any) -> tuple[Properties, Any]:
            message = proto.resource.TransformRequest(
                type=request.type,
                name=request.name,
                custom=request.custom,
                parent=parent,
                properties=encode(properties),
                options=options,
            )
            answer = proto.resource.TransformResponse.FromString(call(message.SerializeToString()))
            if answer.HasField("properties"):
                properties = decode(answer.properties)
            return properties, answer.options if answer.HasField("options") else options

        return transform

    def wrap_invoke(self, callback: Any) -> InvokeTransform:
        """A transform of function calls: (token, arguments, options) -> (arguments, options)."""
        call = self.callbacks.function(callback)

        def transform(token: str, args: Properties, options: Any) -> tuple[Properties, Any]:
            message = proto.resource.TransformInvokeRequest(token=token, args=encode(args), options=options)
            answer = proto.resource.TransformInvokeResponse.FromString(call(message.SerializeToString()))
            if answer.HasField("args"):
                args = decode(answer.args)
            return args, answer.options if answer.HasField("options") else options

        return transform

"""The generated gRPC classes that the engine speaks with, and the message limits it sets."""

from typing import Any

from trifold.protocol import grpc_classes

engine: Any = grpc_classes.engine
engine_rpc: Any = grpc_classes.engine_rpc
plugin: Any = grpc_classes.plugin
provider: Any = grpc_classes.provider
provider_rpc: Any = grpc_classes.provider_rpc
status: Any = grpc_classes.status
callback: Any = grpc_classes._load("callback_pb2")
callback_rpc: Any = grpc_classes._load("callback_pb2_grpc")
resource: Any = grpc_classes._load("resource_pb2")
resource_rpc: Any = grpc_classes._load("resource_pb2_grpc")

# The SDK raises gRPC's limit of 4 MB to this; a program's property may be that large.
LARGEST_MESSAGE = 400 * 1024 * 1024
MESSAGE_OPTIONS = [
    ("grpc.max_receive_message_length", LARGEST_MESSAGE),
    ("grpc.max_send_message_length", LARGEST_MESSAGE),
]


def plugin_empty() -> Any:
    """The empty message."""
    from google.protobuf import empty_pb2

    return empty_pb2.Empty()

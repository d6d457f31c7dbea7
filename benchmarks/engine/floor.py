"""The least that a program costs: the SDK's own time, with a monitor that answers everything at once.

python -m benchmarks.engine.floor       # serves that monitor: prints its port, until it is ended
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from google.protobuf import empty_pb2

from trifold.engine import proto

STACK = "urn:pulumi:dev::bench::"


class Monitor(proto.resource_rpc.ResourceMonitorServicer):
    """Says yes to all, without looking."""

    def GetDeploymentInfo(self, request: Any, context: Any) -> Any:
        features = [number for number in proto.resource.ResourceMonitorFeature.values() if number]
        return proto.resource.DeploymentInfo(
            project="bench", stack="dev", organization="organization", parallel=16, supportedFeatures=features
        )

    def RegisterResource(self, request: Any, context: Any) -> Any:
        urn = f"{STACK}{request.type}::{request.name}"
        answer = proto.resource.RegisterResourceResponse(urn=urn, id=request.name, object=request.object)
        answer.object["value"] = request.name
        return answer

    def RegisterResourceOutputs(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def SignalAndWaitForShutdown(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()


class Engine(proto.engine_rpc.EngineServicer):
    """Remembers the root resource for older SDKs, and shows what the program says."""

    def Log(self, request: Any, context: Any) -> Any:
        if request.severity >= proto.engine.WARNING:
            print(request.message, file=sys.stderr)
        return empty_pb2.Empty()

    def GetRootResource(self, request: Any, context: Any) -> Any:
        return proto.engine.GetRootResourceResponse(urn="")

    def SetRootResource(self, request: Any, context: Any) -> Any:
        return proto.engine.SetRootResourceResponse()


def main() -> None:
    server = grpc.server(ThreadPoolExecutor(max_workers=8))
    proto.resource_rpc.add_ResourceMonitorServicer_to_server(Monitor(), server)
    proto.engine_rpc.add_EngineServicer_to_server(Engine(), server)
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    server.start()
    server.wait_for_termination()


if __name__ == "__main__":
    main()

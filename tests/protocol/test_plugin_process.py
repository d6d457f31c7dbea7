"""The kit's own plugin as a process: it says its port, serves its types, and ends with its engine."""

import subprocess
import sys
from pathlib import Path

import grpc
from google.protobuf.empty_pb2 import Empty

from trifold.plugin.registry import create
from trifold.protocol.grpc_classes import provider, provider_rpc
from trifold.protocol.values import encode

PLUGIN = Path(sys.executable).with_name("pulumi-resource-trifold")


def test_it_prints_its_port_serves_and_ends_with_its_engine(engine):
    with subprocess.Popen([PLUGIN, "--logtostderr", engine.address], stdout=subprocess.PIPE, text=True) as process:
        try:
            port = int(process.stdout.readline())
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                stub = provider_rpc.ResourceProviderStub(channel)
                stub.Handshake(provider.ProviderHandshakeRequest(engine_address=engine.address))
                assert stub.GetPluginInfo(Empty()).version == create().version
                stub.Configure(provider.ConfigureRequest(args=encode({"cloud": "aws", "account": "1"})))
            engine.server.stop(None)
            assert process.wait(timeout=30) == 0
        finally:
            process.kill()


def test_it_starts_without_the_pulumi_sdk_or_a_clouds():
    heavy = "pulumi", "boto3", "azure.ai.ml", "google.cloud.aiplatform_v1"
    check = f"import sys, trifold.plugin.main; sys.exit(', '.join(set({heavy!r}) & set(sys.modules)) or None)"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_every_type_names_a_class_that_a_program_can_use():
    from trifold.protocol.shapes import load as load_class
    from trifold.protocol.shapes import resource_class, shape

    for declared in create().types:
        assert shape(load_class(declared.arguments)).inputs
        assert resource_class(declared.arguments)
        assert declared.replace is not None, f"{declared.token} says which inputs replace it"

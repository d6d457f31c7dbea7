"""The engine takes local providers only, and says which way a refused one is."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.engine.conftest import Project
from tests.engine.replaying import HERE
from trifold.engine.plugins import Host, attachments, refuse_open_environment
from trifold.errors import UserError

LOCAL = dict.fromkeys(("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"), "http://127.0.0.1:9")


@pytest.mark.parametrize("package", ["aws", "azure-native", "gcp", "kubernetes", "cloudflare", "github"])
def test_a_real_providers_package_is_refused_by_name(package: str) -> None:
    with pytest.raises(UserError, match=f"'{package}' reaches a real service"):
        Host(None, LOCAL).open(package)


def test_a_package_that_nobody_serves_is_refused_by_name() -> None:
    with pytest.raises(UserError, match="no resource plugin 'pulumi-resource-nothing'"):
        Host(None, LOCAL).open("nothing")


def test_attached_providers_are_named_by_port() -> None:
    assert attachments("aws:1,azure-native:22") == {"aws": 1, "azure-native": 22}
    with pytest.raises(UserError, match="NAME:PORT"):
        attachments("aws")


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "HTTPS_PROXY is not set"),
        ({**LOCAL, "https_proxy": "http://proxy.example.com:3128"}, "https_proxy is http://proxy.example.com"),
        ({**LOCAL, "NO_PROXY": "localhost,.amazonaws.com"}, "NO_PROXY lets it reach .amazonaws.com"),
        ({**LOCAL, "no_proxy": "*"}, "no_proxy lets it reach *"),
    ],
)
def test_a_plugin_is_not_started_where_it_could_reach_the_world(environment: dict, said: str) -> None:
    with pytest.raises(UserError) as caught:
        refuse_open_environment("trifold", environment)
    assert said in str(caught.value)


def test_a_plugin_may_be_started_behind_a_door_on_this_machine() -> None:
    refuse_open_environment("trifold", {**LOCAL, "NO_PROXY": "localhost,127.0.0.1,::1", "no_proxy": "localhost"})


PLUGIN = """#!{python}
import sys, time
import grpc
from concurrent import futures
sys.path.insert(0, {reference!r})
import provider

served = provider.Provider({cloud!r}, {log!r}, {{}})
server = grpc.server(futures.ThreadPoolExecutor(8))
provider.rpc.add_ResourceProviderServicer_to_server(served, server)
print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
open({pid!r}, "w").write(str(__import__("os").getpid()))
time.sleep(600)
"""


@pytest.fixture
def with_plugin(project: Project) -> Path:
    """The project names a plugin of its own; the file that will hold its process id."""
    folder = project.program_folder / "bin"
    folder.mkdir()
    pid = project.folder / "pid"
    text = PLUGIN.format(
        python=sys.executable,
        reference=str(HERE),
        cloud=str(project.cloud),
        log=str(project.folder / "calls.jsonl"),
        pid=str(pid),
    )
    (folder / "pulumi-resource-ref").write_text(text)
    (folder / "pulumi-resource-ref").chmod(0o755)
    (project.program_folder / "Pulumi.yaml").write_text(
        "name: proj\nruntime: python\nplugins:\n  providers:\n    - {name: ref, path: bin}\n"
    )
    return pid


def test_a_plugin_that_the_project_names_is_started_and_ended(project: Project, with_plugin: Path) -> None:
    project.program("from thing import Thing\n\nThing('a', size=1)\n")
    status, output = project.up(PULUMI_DEBUG_PROVIDERS="", **LOCAL)
    assert status == 0, output
    assert len(project.things()) == 1
    assert gone(int(with_plugin.read_text()))


def test_a_plugin_that_the_state_names_is_started_ahead(project: Project, with_plugin: Path) -> None:
    """While the program imports its own: here it waits until the plugin is there, and registers nothing before."""
    project.program("from thing import Thing\n\nThing('a', size=1)\n")
    status, output = project.up(PULUMI_DEBUG_PROVIDERS="", **LOCAL)
    assert status == 0, output
    with_plugin.unlink()
    project.program(
        "import os, time\nfrom thing import Thing\n\n"
        f"while not os.path.exists({str(with_plugin)!r}):\n    time.sleep(0.02)\nThing('a', size=1)\n"
    )
    status, output = project.up(PULUMI_DEBUG_PROVIDERS="", **LOCAL)
    assert status == 0, output
    assert gone(int(with_plugin.read_text()))


def test_a_plugin_that_never_says_its_port_stops_no_run_that_does_without(project: Project, with_plugin: Path) -> None:
    project.program("from thing import Thing\n\nThing('a', size=1)\n")
    status, output = project.up(PULUMI_DEBUG_PROVIDERS="", **LOCAL)
    assert status == 0, output
    plugin = project.program_folder / "bin" / "pulumi-resource-ref"
    plugin.write_text(f"#!{sys.executable}\nimport time\ntime.sleep(600)\n")
    project.program("raise SystemExit('not today')\n")
    status, output = project.up(PULUMI_DEBUG_PROVIDERS="", **LOCAL)
    assert status != 0 and "not today" in output, output


def test_a_plugin_ends_with_a_killed_engine(project: Project, with_plugin: Path) -> None:
    project.program("import time\nfrom thing import Thing\n\nThing('a', size=1)\ntime.sleep(5)\n")
    process, output = project.start("up", "--yes", "--skip-preview", PULUMI_DEBUG_PROVIDERS="", **LOCAL)
    while not with_plugin.exists() or not with_plugin.read_text():
        assert process.returncode is None, output.read_text()
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(20)
    deadline = time.monotonic() + 20
    while not gone(int(with_plugin.read_text())):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").exists() and Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"

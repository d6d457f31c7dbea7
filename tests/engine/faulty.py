"""The reference provider as a process of its own that goes wrong where it is told: it dies, hangs or answers garbage.

    faults = {"t1": {"create": "die"}}        resource name -> method -> what goes wrong there

die         the process is gone before anything was made     die_after   ... when it was made, before the answer
hang        no answer, nothing made, until Cancel comes      hang_after  made, but no answer until Cancel comes
deaf        no answer, and none to Cancel either             late        begun half a second after it was asked to
no_id, unknown, untagged, bytes, not_a_map, empty: answers that no sane provider gives; see Faulty.garbage

Its cloud is a file that is true at every moment, so one can look at it when the process is gone.
"""

import contextlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc

from tests.engine.conftest import Project
from tests.engine.replaying import load_replay
from trifold.engine.fork_server import ForkedProcess
from trifold.testing.serving import RawBytes

load_replay()
import provider as reference  # noqa: E402

MAIN = "tests.engine.faulty:main"


class Faulty(reference.Provider):
    """The reference provider with faults. `faults`: as above."""

    def __init__(self, cloud: Path, log: Path, faults: dict[str, dict[str, str]]) -> None:
        super().__init__(cloud, log, {})
        self.faults = faults
        self.cancelled = threading.Event()
        self.save_lock = threading.Lock()

    def answer(self, method: str, request: Any, context: Any) -> Any:
        fault = self.faults.get(getattr(request, "urn", "").split("::")[-1], {}).get(method.lower(), "")
        if getattr(request, "preview", False):
            fault = ""
        if fault == "late":
            time.sleep(0.5)  # a provider that is slow: the run under test has to wait for it, and on nothing else
        if fault in ("die", "hang", "deaf"):
            self.note(method, request)
            self.strike(fault, context)
        reply = super().answer(method, request, context)
        with self.save_lock:
            self.save()
        if fault in ("die_after", "hang_after"):
            self.strike(fault, context)
        return self.garbage(fault, reply) if fault else reply

    def note(self, method: str, request: Any) -> None:
        with self.lock, self.log_file.open("a") as out:
            out.write(json.dumps(self.describe(method, request, NO_PEER)) + "\n")

    def strike(self, fault: str, context: Any) -> None:
        if fault.startswith("die"):
            os.kill(os.getpid(), signal.SIGKILL)
        if fault == "deaf":
            threading.Event().wait()
        self.cancelled.wait()
        context.abort(grpc.StatusCode.CANCELLED, "the operation was canceled")

    def do_Cancel(self, request: Any) -> Any:
        if any("deaf" in methods.values() for methods in self.faults.values()):
            threading.Event().wait()
        self.cancelled.set()
        return super().do_Cancel(request)

    def do_GetPluginInfo(self, request: Any) -> Any:
        """Only providers that say that they are local are asked for what they made without its id."""
        return reference.plugin_pb2.PluginInfo(version=f"{reference.VERSION}+trifold.local")

    def do_Read(self, request: Any) -> Any:
        """Without an id, the object that a create with these inputs made."""
        wanted = reference.plain(request.inputs)
        for ident, thing in self.cloud["objects"].items():
            if not request.id and thing["name"] == request.urn.split("::")[-1] and thing["inputs"] == wanted:
                request.id = ident
                break
        return super().do_Read(request) if request.id else reference.pb.ReadResponse()

    def garbage(self, fault: str, reply: Any) -> Any:
        """A reply that no sane provider gives."""
        if fault == "bytes":
            return b"\xff\xff\xff garbage"
        if fault == "no_id":
            reply.id = ""
        elif fault == "unknown":
            reply.properties.update({"arn": reference.UNKNOWN})
        elif fault == "untagged":
            reply.properties.update({"token": {reference.SIGNATURE: "00000000000000000000000000000000"}})
        elif fault == "not_a_map":
            reply.properties.update({"token": {reference.SIGNATURE: ["no", "text"]}})
        elif fault == "empty":
            return type(reply)()
        return reply


class NO_PEER:
    @staticmethod
    def peer() -> str:
        return ""


def main(argv: list[str]) -> None:
    """Serve until killed: CLOUD LOG PORT_FILE FAULTS(JSON)."""
    provider = Faulty(Path(argv[0]), Path(argv[1]), json.loads(argv[3]))
    server = grpc.server(futures.ThreadPoolExecutor(32), interceptors=[RawBytes()])
    reference.rpc.add_ResourceProviderServicer_to_server(provider, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    part = Path(argv[2] + ".part")
    part.write_text(str(port))
    part.replace(argv[2])
    threading.Event().wait()


class Served:
    """A running faulty provider, seen from the test."""

    def __init__(self, project: Project, process: ForkedProcess) -> None:
        self.project, self.process = project, process

    @property
    def objects(self) -> dict[str, Any]:
        """{id: object} of all that the cloud holds."""
        return json.loads(self.project.cloud.read_text())["objects"] if self.project.cloud.exists() else {}

    def calls(self, method: str) -> list[str]:
        """The names of the resources for which the method was called, in order."""
        lines = (self.project.folder / "calls.jsonl").read_text().splitlines()
        found = [json.loads(line) for line in lines]
        return [one["urn"].split("::")[-1] for one in found if one["method"] == method and not one.get("preview")]


@contextlib.contextmanager
def faulty(project: Project, **faults: dict[str, str]) -> Iterator[Served]:
    """Serve the provider to the project from a process of its own, which is gone at the end."""
    port_file = project.folder / "port"
    port_file.unlink(missing_ok=True)
    with (project.folder / "provider.txt").open("wb") as out:
        process = project.server.start(
            MAIN,
            [str(project.cloud), str(project.folder / "calls.jsonl"), str(port_file), json.dumps(faults)],
            env=dict(os.environ),
            cwd=str(project.folder),
            stdout=out.fileno(),
            stderr=out.fileno(),
        )
    try:
        wait_for(port_file.exists)
        project.port = int(port_file.read_text())
        yield Served(project, process)
    finally:
        with contextlib.suppress(ProcessLookupError):  # it died as it was told
            process.kill()
        process.wait(20)


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Until the condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.01)


if __name__ == "__main__":
    main(sys.argv[1:])

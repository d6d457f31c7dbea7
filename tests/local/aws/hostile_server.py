"""A hostile AWS API in a process of its own, since moto keeps one account a process: `STATE MEASURES`, as JSON.

Prints its port once it answers; ends when its input does.
"""

import asyncio
import json
import socket
import sys
import threading
from pathlib import Path

import uvicorn

from tests.local.aws.conftest import images
from trifold.local.aws.api.app import create
from trifold.local.contract import Context
from trifold.local.hostile import Hostile, Measures
from trifold.local.processes.runner import Runner


async def main(state: Path, measures: Measures) -> None:
    runner = Runner("aws", state / "logs", state / "servers.json", images)
    app = create(Context("aws", state / "run", runner, {}, hostile=Hostile(1, "aws", measures)))
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="on"))
    threading.Thread(target=lambda: (sys.stdin.read(), setattr(server, "should_exit", True)), daemon=True).start()
    print(listening.getsockname()[1], flush=True)
    await server.serve(sockets=[listening])


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Measures(**json.loads(sys.argv[2]))))

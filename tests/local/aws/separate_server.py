"""An AWS API in a process of its own, since moto keeps one account a process: `STATE SEED MEASURES`.

measures: how hostile, as JSON; {} for a friendly one. Every image is the stub. Prints its port once it answers; ends
when its input does.
"""

import asyncio
import json
import socket
import sys
import threading
from pathlib import Path
from typing import Any

import uvicorn

from tests.local.aws.conftest import STUB
from trifold.local.aws.api.app import create
from trifold.local.contract import Context
from trifold.local.hostile import Hostile, Measures
from trifold.local.processes.runner import Runner


async def main(state: Path, seed: int, measures: dict[str, Any]) -> None:
    runner = Runner("aws", state / "logs", state / "servers.json", lambda image: STUB)
    hostile = Hostile(seed, "aws", Measures(**measures)) if measures else None
    app = create(Context("aws", state / "run", runner, {}, hostile=hostile))
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="on"))
    threading.Thread(target=lambda: (sys.stdin.read(), setattr(server, "should_exit", True)), daemon=True).start()
    print(listening.getsockname()[1], flush=True)
    await server.serve(sockets=[listening])


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3])))

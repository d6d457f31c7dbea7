"""A container on SageMaker's contract for tests: it answers with what its model folder holds, and can misbehave."""

import json
import os
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

MODEL = Path(os.environ["SM_MODEL_DIR"])


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self.answer(500 if (MODEL / "sick").exists() else 200, b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        asked = json.loads(body) if self.headers.get("Content-Type") == "application/json" else {}
        if "sleep" in asked:
            time.sleep(asked["sleep"])
        if asked.get("die"):
            os.kill(os.getpid(), signal.SIGKILL)
        status = asked.get("status", 200)
        said = {"says": (MODEL / "says").read_text(), "pid": os.getpid(), "got": len(body)}
        self.answer(status, json.dumps(said).encode())

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Amzn-SageMaker-Custom-Attributes", f"says={(MODEL / 'says').read_text()}")
        self.send_header("X-Not-Passed-On", "secret")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


if (MODEL / "broken").exists():
    sys.exit("the model is broken on purpose")
print("stub starts", sys.argv[1:], flush=True)
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
ThreadingHTTPServer(("127.0.0.1", int(os.environ["TRIFOLD_PORT"])), Handler).serve_forever()

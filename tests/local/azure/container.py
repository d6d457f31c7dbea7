"""A container for tests: answers the routes of an online deployment, and does what the request asks of it.

A score request is JSON: {"sleep": seconds, "status": code, "exit": code}; the answer tells where the model is.
MODE in the environment: "crash" ends at once, "unready" never becomes ready.
"""

import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

MODE = os.environ.get("MODE", "")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(503 if MODE == "unready" and self.path == "/ready" else 200, {})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])) or b"{}")
        if "exit" in asked:
            os._exit(asked["exit"])
        time.sleep(asked.get("sleep", 0))
        root = Path(os.environ.get("AZUREML_MODEL_DIR", "/nowhere"))
        files = sorted(str(file.relative_to(root)) for file in root.rglob("*") if file.is_file())
        said = {"files": files, "root": str(root), "name": os.environ.get("NAME", ""), "path": self.path,
                "authorization": self.headers.get("authorization")}  # fmt: skip
        self._answer(asked.get("status", 200), said)

    def _answer(self, status: int, body: dict) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.send_header("x-own", "yes")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        """Quiet."""


if MODE == "crash":
    sys.exit("the model is not there")
ThreadingHTTPServer(("127.0.0.1", int(os.environ["TRIFOLD_PORT"])), Handler).serve_forever()

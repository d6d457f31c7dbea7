"""A container that these tests run: it answers health and predictions as its environment says. Standard library only.

MODE: "" serves; "crash" ends with status 3 before it listens; "sick" listens and is never healthy. Answers have NAME.
"""

import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MODE = os.environ.get("MODE", "")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        healthy = self.path == os.environ["AIP_HEALTH_ROUTE"] and MODE != "sick"
        self.answer(200 if healthy else 503, {})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path != os.environ["AIP_PREDICT_ROUTE"]:
            return self.answer(404, {"error": f"no route {self.path}"})
        request = json.loads(body)
        told = request.get("parameters") or {}
        time.sleep(told.get("sleep", 0))
        if "status" in told:
            return self.answer(told["status"], {"error": told.get("says", "")})
        if "exit" in told:
            os._exit(told["exit"])
        names = ("AIP_STORAGE_URI", "AIP_MACHINE_TYPE", "AIP_ENDPOINT_ID", "AIP_DEPLOYED_MODEL_ID", "NAME")
        shown = {name: os.environ.get(name, "") for name in names} | {
            "pid": os.getpid(),
            "instances": request["instances"],
        }
        self.answer(200, {"predictions": [shown], "more": "a field of the container's"})

    def answer(self, status, content):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("x-container", "its own")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    if MODE == "crash":
        print("no model here: giving up", file=sys.stderr)
        sys.exit(3)
    ThreadingHTTPServer((os.environ["TRIFOLD_HOST"], int(os.environ["TRIFOLD_PORT"])), Handler).serve_forever()

"""KServe: a model behind its V1 protocol."""

import sys

import kserve
from graph import predict


class Flights(kserve.Model):
    def __init__(self):
        super().__init__("flights")
        self.ready = True

    async def predict(self, payload, headers=None, response_headers=None):
        return {"predictions": predict(payload["instances"])}


if __name__ == "__main__":
    server = kserve.ModelServer(
        http_port=int(sys.argv[1]), workers=1, enable_grpc=False, enable_latency_logging=False, access_log_format=None
    )
    server.start([Flights()])

"""MLServer: a runtime of one's own, with a handler for the same JSON as the others."""

import json

from mlserver import MLModel
from mlserver.handlers import custom_handler
from starlette.requests import Request
from starlette.responses import Response


class Flights(MLModel):
    async def load(self) -> bool:
        import graph

        self.graph = graph
        return True

    @custom_handler(rest_path="/predict")
    async def answer(self, request: Request) -> Response:
        rows = json.loads(await request.body())["instances"]
        body = json.dumps({"predictions": self.graph.predict(rows)})
        return Response(body, media_type="application/json")

"""BentoML: a service with one API."""

from typing import Any

import bentoml


@bentoml.service(workers=1, traffic={"timeout": 60}, metrics={"enabled": False})
class Flights:
    def __init__(self) -> None:
        import graph

        self.graph = graph

    @bentoml.api
    def predict(self, instances: list[dict[str, Any]]) -> dict[str, Any]:
        return {"predictions": self.graph.predict(instances)}

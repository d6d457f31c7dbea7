"""The entry script of Azure's inference server."""

import json


def init():
    import graph  # noqa: F401


def run(raw_data):
    from graph import predict

    return {"predictions": predict(json.loads(raw_data)["instances"])}

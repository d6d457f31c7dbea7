"""The least that can serve this graph: uvicorn and ONNX Runtime, no checks, no batching. It sets the start-up target."""

import json
import os
import sys

import numpy
import onnxruntime
import uvicorn

DTYPES = {"tensor(float)": numpy.float32, "tensor(double)": numpy.float64, "tensor(int64)": numpy.int64}

with open(f"{os.environ['BENCH_PACKAGE']}/signature.json") as file:
    outputs = json.load(file)["outputs"]
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(f"{os.environ['BENCH_PACKAGE']}/model.onnx", options)
inputs = [(one.name, DTYPES.get(one.type, object)) for one in session.get_inputs()]
tensor, index = outputs[0]["tensor"], outputs[0]["index"]


def feed(rows, name, dtype):
    values = [row[name] for row in rows]
    if dtype is object:
        values = ["" if value is None else value for value in values]
    return numpy.array(values, dtype=dtype).reshape(-1, 1)


async def app(scope, receive, send):
    status, body = 200, b"{}"
    if scope["method"] == "POST":
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message["body"], message.get("more_body")
        rows = json.loads(body)["instances"]
        (found,) = session.run([tensor], {name: feed(rows, name, dtype) for name, dtype in inputs})
        body = json.dumps({"predictions": [{outputs[0]["name"]: v} for v in found[:, index].tolist()]}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


if __name__ == "__main__":
    uvicorn.run(
        app,
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="off",
        access_log=False,
        log_level="warning",
    )

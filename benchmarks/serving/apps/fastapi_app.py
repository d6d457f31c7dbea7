"""FastAPI as its own documentation would have it: pydantic models made from the signature, one ONNX Runtime run."""

import json
import os
import sys
from typing import Any, Optional

import numpy
import onnxruntime
import uvicorn
from fastapi import FastAPI
from pydantic import create_model

DTYPES = {"tensor(float)": numpy.float32, "tensor(double)": numpy.float64, "tensor(int64)": numpy.int64}
TYPES: dict[str, Any] = {"string": str, "double": float, "long": int, "boolean": bool}

with open(f"{os.environ['BENCH_PACKAGE']}/signature.json") as file:
    signature = json.load(file)
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(f"{os.environ['BENCH_PACKAGE']}/model.onnx", options)
inputs = [(one.name, DTYPES.get(one.type, object)) for one in session.get_inputs()]
output = signature["outputs"][0]

fields: dict[str, Any] = {
    column["name"]: (Optional[TYPES[column["type"]]], None) if column.get("nullable") else (TYPES[column["type"]], ...)
    for column in signature["inputs"]
}
Row = create_model("Row", **fields)
Body = create_model("Body", instances=(list[Row], ...))  # type: ignore[valid-type]
Prediction = create_model("Prediction", **{output["name"]: (float, ...)})
Answer = create_model("Answer", predictions=(list[Prediction], ...))  # type: ignore[valid-type]
app = FastAPI()


def feed(rows: list[Any], name: str, dtype: Any) -> Any:
    values = [getattr(row, name) for row in rows]
    if dtype is object:
        values = ["" if value is None else value for value in values]
    return numpy.array(values, dtype=dtype).reshape(-1, 1)


@app.get("/ping")
async def ping() -> dict[str, str]:
    return {"status": "ok"}


@app.post("/predict", response_model=Answer)
async def predict(body: Body) -> Any:  # type: ignore[valid-type]
    rows = body.instances  # type: ignore[attr-defined]
    feeds = {name: feed(rows, name, dtype) for name, dtype in inputs}
    (found,) = session.run([output["tensor"]], feeds)
    return {"predictions": [{output["name"]: value} for value in found[:, output["index"]].tolist()]}


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), access_log=False, log_level="warning")

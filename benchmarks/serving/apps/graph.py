"""What every peer does with the rows of a request: columns to tensors, one ONNX Runtime run, records out."""

import json
import os
import pathlib

import numpy
import onnxruntime

DTYPES = {"tensor(float)": numpy.float32, "tensor(double)": numpy.float64, "tensor(int64)": numpy.int64}

package = pathlib.Path(os.environ["BENCH_PACKAGE"])
signature = json.loads((package / "signature.json").read_text())
output = signature["outputs"][0]
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(str(package / "model.onnx"), options)
inputs = [(one.name, DTYPES.get(one.type, object)) for one in session.get_inputs()]


def feed(values, dtype):
    if dtype is object:
        values = ["" if value is None else value for value in values]
    return numpy.array(values, dtype=dtype).reshape(-1, 1)


def feeds(rows):
    return {name: feed([row[name] for row in rows], dtype) for name, dtype in inputs}


def predict(rows):
    (found,) = session.run([output["tensor"]], feeds(rows))
    return [{output["name"]: value} for value in found[:, output["index"] or 0].tolist()]

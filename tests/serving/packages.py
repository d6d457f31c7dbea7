"""Two small packages in the kit's format, made by hand: records of all column types, and images."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy
import onnx
from onnx import TensorProto, helper

RECORDS = {
    "inputs": [
        {"name": "carrier", "type": "string", "nullable": False},
        {"name": "tail", "type": "string", "nullable": True},
        {"name": "distance", "type": "double", "nullable": False, "unit": "mi"},
        {"name": "temp", "type": "double", "nullable": True},
        {"name": "hour", "type": "long", "nullable": False, "range": [0, 23]},
        {"name": "seats", "type": "long", "nullable": True},
        {"name": "holiday", "type": "boolean", "nullable": False},
    ],
    "outputs": [
        {"name": "late", "type": "double", "tensor": "probabilities", "index": 1},
        {"name": "both", "type": "double", "tensor": "probabilities", "index": None},
    ],
    "max_rows": 100,
}
IMAGES = {
    "inputs": [{"name": "image", "type": "image", "nullable": False, "shape": [4, 3], "range": [0, 16]}],
    "outputs": [{"name": "mean", "type": "double", "tensor": "mean", "index": None}],
    "max_rows": 50,
}
ROW = {"carrier": "UA", "tail": "N1", "distance": 500, "temp": 50.5, "hour": 7, "seats": 149, "holiday": False}


def records_graph() -> onnx.ModelProto:
    """late = sigmoid(0.1 (carrier + tail) + 0.001 distance + 0.01 temp + 0.05 hour + 0.001 seats + holiday)."""
    kinds = {
        "carrier": TensorProto.STRING,
        "tail": TensorProto.STRING,
        "distance": TensorProto.FLOAT,
        "temp": TensorProto.DOUBLE,
        "hour": TensorProto.INT64,
        "seats": TensorProto.FLOAT,
        "holiday": TensorProto.BOOL,
    }
    nodes, weighted = [], []
    constants = [helper.make_tensor("zero", TensorProto.FLOAT, [], [0.0])]
    weights = dict(zip(kinds, (0.1, 0.1, 0.001, 0.01, 0.05, 0.001, 1.0), strict=True))
    for name, kind in kinds.items():
        if kind == TensorProto.STRING:
            labels = {"keys_strings": ["UA", "AA", "N1"], "values_floats": [1.0, 2.0, 3.0], "default_float": 0.0}
            nodes.append(helper.make_node("LabelEncoder", [name], [f"{name}_n"], domain="ai.onnx.ml", **labels))
        else:
            nodes.append(helper.make_node("Cast", [name], [f"{name}_n"], to=TensorProto.FLOAT))
        nodes.append(helper.make_node("IsNaN", [f"{name}_n"], [f"{name}_null"]))
        nodes.append(helper.make_node("Where", [f"{name}_null", "zero", f"{name}_n"], [f"{name}_v"]))
        constants.append(helper.make_tensor(f"{name}_w", TensorProto.FLOAT, [1], [weights[name]]))
        nodes.append(helper.make_node("Mul", [f"{name}_v", f"{name}_w"], [f"{name}_x"]))
        weighted.append(f"{name}_x")
    constants.append(helper.make_tensor("one", TensorProto.FLOAT, [1], [1.0]))
    nodes += [
        helper.make_node("Sum", weighted, ["total"]),
        helper.make_node("Sigmoid", ["total"], ["late"]),
        helper.make_node("Sub", ["one", "late"], ["on_time"]),
        helper.make_node("Concat", ["on_time", "late"], ["probabilities"], axis=1),
    ]
    inputs = [helper.make_tensor_value_info(name, kind, [None, 1]) for name, kind in kinds.items()]
    return model(nodes, inputs, [("probabilities", TensorProto.FLOAT, [None, 2])], constants)


def images_graph() -> onnx.ModelProto:
    """The mean of twelve pixels."""
    nodes = [helper.make_node("ReduceMean", ["image", "axes"], ["mean"], keepdims=1)]
    inputs = [helper.make_tensor_value_info("image", TensorProto.FLOAT, [None, 12])]
    axes = helper.make_tensor("axes", TensorProto.INT64, [1], [1])
    return model(nodes, inputs, [("mean", TensorProto.FLOAT, [None, 1])], [axes])


def model(nodes: list, inputs: list, outputs: list, constants: list) -> onnx.ModelProto:
    results = [helper.make_tensor_value_info(*output) for output in outputs]
    graph = helper.make_graph(nodes, "fixture", inputs, results, constants)
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("ai.onnx.ml", 2)]
    made = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    onnx.checker.check_model(made)
    return made


def late(row: dict[str, Any]) -> float:
    """What the records graph gives, computed apart from it."""
    labels = {"UA": 1.0, "AA": 2.0, "N1": 3.0}
    total = 0.1 * (labels.get(row["carrier"], 0.0) + labels.get(row["tail"] or "", 0.0))
    total += 0.001 * row["distance"] + 0.01 * (row["temp"] or 0) + 0.05 * row["hour"]
    total += 0.001 * (row["seats"] or 0) + (1.0 if row["holiday"] else 0.0)
    return float(1 / (1 + numpy.exp(-total)))


def write(folder: Path, name: str, graph: onnx.ModelProto, signature: dict, sample: dict) -> Path:
    """A package folder; its manifest as the format says."""
    folder.mkdir(parents=True)
    (folder / "model.onnx").write_bytes(graph.SerializeToString())
    (folder / "signature.json").write_text(json.dumps(signature))
    (folder / "sample.json").write_text(json.dumps(sample))
    for other in ("MLmodel", "requirements.txt", "card.md"):
        (folder / other).write_text("# fixture\n")
    metrics = {"gates": {"loss": "lower"}, "model": {"loss": 0.1}, "baselines": {"constant": {"loss": 0.2}}}
    (folder / "metrics.json").write_text(json.dumps(metrics))
    (folder / "provenance.json").write_text("{}")
    files = {path.name: entry(path) for path in sorted(folder.iterdir())}
    told = {"format": 1, "name": name, "files": files}
    digest = hashlib.sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps({**told, "digest": digest}))
    return folder


def entry(path: Path) -> dict[str, Any]:
    return {"sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "bytes": path.stat().st_size}


def records(folder: Path) -> Path:
    """The package with a column of each type."""
    rows = [{**ROW, "hour": hour, "temp": None if hour == 2 else 50.5} for hour in range(5)]
    answers = [{"late": late(row), "both": [1 - late(row), late(row)]} for row in rows]
    sample = {"request": {"instances": rows}, "response": {"predictions": answers}, "tolerance": 1e-6}
    return write(folder, "records", records_graph(), RECORDS, sample)


def images(folder: Path) -> Path:
    """The package with an image column."""
    rows = [{"image": [[value] * 3] * 4} for value in range(5)]
    answers = [{"mean": float(value)} for value in range(5)]
    sample = {"request": {"instances": rows}, "response": {"predictions": answers}, "tolerance": 1e-5}
    return write(folder, "images", images_graph(), IMAGES, sample)

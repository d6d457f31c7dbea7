"""MLmodel, the file by which MLflow knows a package: an ONNX model, and a Python function over raw records."""

import json
from typing import Any

from trifold.package.signature import Signature

CODE, LOADER = "code", "trifold_scoring"
# MLflow checks these types before our loader sees a value; an image may be text or arrays, so it stays unchecked.
TYPES = {"string": "string", "double": "double", "long": "long", "boolean": "boolean", "image": "any"}


def text(signature: Signature, onnx_version: str, tools: dict[str, str]) -> str:
    """The YAML text; no run, no clock and no id in it, so that equal models give equal bytes."""
    document = {
        "flavors": {
            "onnx": {
                "data": "model.onnx",
                "onnx_version": onnx_version,
                "providers": ["CPUExecutionProvider"],
                "code": None,
            },
            "python_function": {
                "loader_module": LOADER,
                "code": CODE,
                "data": "model.onnx",
                "env": {"virtualenv": "python_env.yaml"},
                "python_version": tools["python"],
            },
        },
        "mlflow_version": tools["mlflow-skinny"],
        "signature": _signature(signature),
    }
    return _yaml(document)


def python_env(tools: dict[str, str]) -> str:
    """python_env.yaml, from which MLflow builds an environment."""
    return _yaml({"python": tools["python"], "build_dependencies": ["pip"], "dependencies": ["-r requirements.txt"]})


def _signature(signature: Signature) -> dict[str, Any]:
    inputs = [
        {"type": TYPES[column.type], "name": column.name, "required": not column.nullable}
        for column in signature.inputs
    ]
    return {"inputs": json.dumps(inputs), "outputs": None, "params": None}


def _yaml(document: dict[str, Any]) -> str:
    import yaml

    return yaml.safe_dump(document, sort_keys=True, default_flow_style=False, width=1000)

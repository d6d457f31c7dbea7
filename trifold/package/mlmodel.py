"""MLmodel, the file by which MLflow knows a package: an ONNX model, and a Python function over raw records."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from trifold.package.signature import Column, Signature

LOADER = "trifold_scoring"
CODE = f"code/{LOADER}.zip"
# MLflow enforces these types before our loader sees a value. It refuses JSON's `3` for a double (a data frame makes it
# int64), so doubles are left to the loader, as are images (text or arrays) and whole numbers that may be missing.
TYPES = {"string": "string", "double": "any", "long": "long", "boolean": "boolean", "image": "any"}


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


def code() -> bytes:
    """The loader as a zip file: Python imports from it as from a folder, and writes no byte code beside it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as zipped:
        entry = zipfile.ZipInfo(f"{LOADER}.py", date_time=(1980, 1, 1, 0, 0, 0))
        entry.external_attr, entry.create_system = 0o644 << 16, 3
        zipped.writestr(entry, (Path(__file__).parent / "scoring.py").read_bytes())
    return buffer.getvalue()


def _signature(signature: Signature) -> dict[str, Any]:
    inputs = [
        {"type": mlflow_type(column), "name": column.name, "required": not column.nullable}
        for column in signature.inputs
    ]
    return {"inputs": json.dumps(inputs), "outputs": None, "params": None}


def mlflow_type(column: Column) -> str:
    return "any" if column.nullable and column.type != "string" else TYPES[column.type]


def _yaml(document: dict[str, Any]) -> str:
    import yaml

    return yaml.safe_dump(document, sort_keys=True, default_flow_style=False, width=1000)

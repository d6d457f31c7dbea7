"""Score records with a package: raw JSON values in, predictions out. A copy of this file is in every package.

It is the reference for what a package answers: `verify` scores the sample with it, and MLflow loads it from the
package's own `code/` folder (so it needs ONNX Runtime and NumPy, not trifold). The server is built for speed and is
tested against it.
"""

import base64
import binascii
import io
import json
import math
from pathlib import Path
from typing import Any

import numpy as np

PNG = b"\x89PNG\r\n\x1a\n"
FLOATS = {"tensor(float)": np.float32, "tensor(double)": np.float64}
INTEGERS = {"tensor(int64)": np.int64, "tensor(int32)": np.int32, "tensor(bool)": np.bool_}


class Scorer:
    """One ONNX Runtime session with the signature's conversions around it."""

    def __init__(self, folder: str | Path, threads: int = 1) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 3
        self.signature = json.loads((Path(folder) / "signature.json").read_text(encoding="utf-8"))
        model = str(Path(folder) / "model.onnx")
        self.session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self.types = {tensor.name: tensor for tensor in self.session.get_inputs()}
        self.tensors = sorted({column["tensor"] for column in self.signature["outputs"]})
        self._compare()

    def _compare(self) -> None:
        """Raises ValueError where graph and signature do not fit together."""
        columns = {column["name"]: column for column in self.signature["inputs"]}
        if odd := sorted(set(columns) ^ set(self.types)):
            raise ValueError(f"'{odd[0]}' is not in both the graph's inputs and signature.json")
        for name, column in columns.items():
            if reason := misfit(column, self.types[name].type):
                raise ValueError(f"'{name}': {reason}")
        if missing := sorted(set(self.tensors) - {tensor.name for tensor in self.session.get_outputs()}):
            raise ValueError(f"the graph has no output '{missing[0]}'")

    def predict(self, instances: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """One prediction an instance. Raises ValueError naming the column and row of a value that does not fit."""
        columns = {column["name"]: column for column in self.signature["inputs"]}
        feeds = {name: self._column(columns[name], instances) for name in columns}
        tensors = dict(zip(self.tensors, self.session.run(self.tensors, feeds), strict=True))
        return [
            {
                column["name"]: output_value(tensors[column["tensor"]][row], column)
                for column in self.signature["outputs"]
            }
            for row in range(len(instances))
        ]

    def _column(self, column: dict[str, Any], instances: list[dict[str, Any]]) -> np.ndarray:
        tensor = self.types[column["name"]]
        values = [_value(column, instance, row) for row, instance in enumerate(instances)]
        if column["type"] == "image":
            stacked = np.stack([image_pixels(value, column) for value in values])
            return stacked.astype(FLOATS[tensor.type]).reshape(len(values), *tensor.shape[1:])
        if column["type"] == "string":
            return np.array(["" if value is None else value for value in values], dtype=object).reshape(-1, 1)
        if tensor.type in FLOATS:
            filled = [math.nan if value is None else value for value in values]
            return np.array(filled, dtype=FLOATS[tensor.type]).reshape(-1, 1)
        return np.array(values, dtype=INTEGERS[tensor.type]).reshape(-1, 1)


def misfit(column: dict[str, Any], tensor: str) -> str:
    """Why a column cannot be fed to an input of this type; "" if it can."""
    if (column["type"] == "string") != (tensor == "tensor(string)"):
        return f"signature.json says {column['type']}, the graph {tensor}"
    if column["type"] == "image" and tensor not in FLOATS:
        return f"an image needs a graph input of floats, not {tensor}"
    if column["type"] != "string" and tensor not in {*FLOATS, *INTEGERS}:
        return f"the graph's {tensor} is no type that a record can hold"
    if column.get("nullable") and tensor in INTEGERS:
        return f"a missing value is NaN, which the graph's {tensor} cannot hold; use floats there"
    return ""


def _value(column: dict[str, Any], instance: dict[str, Any], row: int) -> Any:
    value = instance.get(column["name"])
    if isinstance(value, float) and math.isnan(value):
        value = None  # a data frame's way to say null
    if value is None and not column.get("nullable", False):
        raise ValueError(f"row {row}: '{column['name']}' is missing")
    return value


def image_pixels(value: Any, column: dict[str, Any]) -> np.ndarray:
    """Rows and columns of an image, from an array or a base64 PNG, whose 0..255 are spread over the column's range."""
    shape, name = tuple(column["shape"]), column["name"]
    low, high = column.get("range", (0.0, 255.0))
    if isinstance(value, dict) and set(value) == {"b64"}:
        value = value["b64"]  # Vertex AI's way to write bytes in JSON
    if isinstance(value, str):
        return low + png_pixels(value, shape, name) * ((high - low) / 255.0)
    pixels = np.asarray(value, dtype=np.float64)
    if pixels.shape not in (shape, (shape[0] * shape[1],)):
        raise ValueError(f"'{name}' has shape {list(pixels.shape)}, not {list(shape)}")
    if not ((pixels >= low) & (pixels <= high)).all():
        raise ValueError(f"'{name}' has a pixel outside of {low:g} to {high:g}")
    return pixels.reshape(shape)


def png_pixels(text: str, shape: tuple[int, ...], name: str) -> np.ndarray:
    """The grey levels 0..255 of a base64 PNG; its size is read before anything is decompressed."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"'{name}' is no base64 ({error})") from None
    if data[:8] != PNG or len(data) < 33:
        raise ValueError(f"'{name}' is no PNG")
    width, height = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    if (height, width) != shape:
        raise ValueError(f"'{name}' is {height} x {width} pixels, not {shape[0]} x {shape[1]}")
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            return np.asarray(image.convert("L"), dtype=np.float64)
    except (OSError, SyntaxError, ValueError) as error:
        raise ValueError(f"'{name}' is no PNG that can be read ({error})") from None


def output_value(row: Any, column: dict[str, Any]) -> Any:
    """A JSON value from one row of an output tensor."""
    if column.get("index") is not None:
        row = np.asarray(row).reshape(-1)[column["index"]]
    array = np.asarray(row)
    return array.reshape(-1)[0].item() if array.size == 1 and column["type"] != "array" else array.tolist()


class MlflowModel:
    """What `mlflow.pyfunc.load_model` returns a wrapper of."""

    def __init__(self, folder: str | Path) -> None:
        self.scorer = Scorer(folder)

    def predict(self, data: Any, params: dict[str, Any] | None = None) -> Any:
        """Predictions as a data frame, one row for each row of `data` (a data frame or a list of records)."""
        import pandas as pd

        frame = data if isinstance(data, pd.DataFrame) else pd.DataFrame(data)
        records = frame.astype(object).where(frame.notna(), None).to_dict(orient="records")
        return pd.DataFrame(self.scorer.predict(records), index=frame.index)


def _load_pyfunc(path: str) -> MlflowModel:
    """MLflow's loader: `path` is the file or folder that MLmodel names as data."""
    place = Path(path)
    return MlflowModel(place if place.is_dir() else place.parent)

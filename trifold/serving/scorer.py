"""ONNX Runtime on a package's graph: rows in, predictions out."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy
import onnxruntime

from trifold.errors import UserError
from trifold.package import OutputColumn, Signature
from trifold.serving import pictures
from trifold.serving.rows import Row

# What onnxruntime calls an input's type, and how its tensor is made here.
NUMPY = {
    "tensor(float)": numpy.float32,
    "tensor(double)": numpy.float64,
    "tensor(int64)": numpy.int64,
    "tensor(int32)": numpy.int32,
    "tensor(bool)": numpy.bool_,
    "tensor(string)": object,
}

Converter = Callable[[Sequence[Any]], numpy.ndarray]
Prediction = dict[str, Any]


class Refused(Exception):
    """The graph did not score rows that its signature allows."""


class Scorer:
    """One session. Not for two threads at once: the batcher sees to that."""

    def __init__(self, model: Path, signature: Signature, threads: int) -> None:
        """Raises UserError where graph and signature do not belong together."""
        self.session = onnxruntime.InferenceSession(str(model), options(threads), providers=["CPUExecutionProvider"])
        self.converters = converters(self.session, signature, model)
        self.names = [output.name for output in signature.outputs]
        self.tensors = list(dict.fromkeys(output.tensor for output in signature.outputs))
        known = {output.name for output in self.session.get_outputs()}
        if missing := [tensor for tensor in self.tensors if tensor not in known]:
            raise UserError(f"the graph has no output '{missing[0]}'", where=str(model))
        self.outputs = tuple(signature.outputs)

    def score(self, rows: Sequence[Row]) -> list[Prediction]:
        """One prediction a row: {output name: value}. Raises Refused with the graph's own reason."""
        columns = zip(*rows, strict=True)
        feeds = {name: convert(c) for (name, convert), c in zip(self.converters, columns, strict=True)}
        try:
            tensors = dict(zip(self.tensors, self.session.run(self.tensors, feeds), strict=True))
        except (RuntimeError, ValueError) as error:  # all of onnxruntime's own errors are RuntimeErrors
            raise Refused(str(error)[:300]) from None
        values = [taken(tensors[output.tensor], output, len(rows)) for output in self.outputs]
        if len(values) == 1:
            name = self.names[0]
            return [{name: value} for value in values[0]]
        return [dict(zip(self.names, row, strict=True)) for row in zip(*values, strict=True)]


def options(threads: int) -> onnxruntime.SessionOptions:
    """Bounded threads that sleep when there is nothing to do: a server shares its cores with its event loop."""
    chosen = onnxruntime.SessionOptions()
    chosen.intra_op_num_threads = threads
    chosen.inter_op_num_threads = 1
    chosen.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    chosen.log_severity_level = 3
    chosen.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return chosen


def converters(session: Any, signature: Signature, model: Path) -> list[tuple[str, Converter]]:
    """For each column, in order, its ONNX input's name and how a tensor is made of its values."""
    inputs = {one.name: one for one in session.get_inputs()}
    names = [column.name for column in signature.inputs]
    if unmatched := sorted(set(inputs) ^ set(names)):
        raise UserError(f"'{unmatched[0]}' is not in both the graph's inputs and the signature", where=str(model))
    return [(column.name, converter(inputs[column.name], column.type == "image")) for column in signature.inputs]


def converter(given: Any, image: bool) -> Converter:
    """How values become the tensor of this ONNX input."""
    if given.type not in NUMPY:
        raise UserError(f"input '{given.name}' is of type {given.type}, which the server does not make")
    dtype = NUMPY[given.type]
    if image:
        return images(dtype, flat=len(given.shape) == 2)
    return strings if dtype is object else numbers(dtype)


def strings(values: Sequence[Any]) -> numpy.ndarray:
    """[N, 1] of str; null is ""."""
    if None in values:
        values = ["" if value is None else value for value in values]
    return numpy.array(values, dtype=object).reshape(-1, 1)


def numbers(dtype: Any) -> Converter:
    """[N, 1]; null is NaN, so a nullable column's input is one of floats."""
    return lambda values: numpy.array(values, dtype=dtype).reshape(-1, 1)


def images(dtype: Any, flat: bool) -> Converter:
    """[N, h*w] or [N, h, w]."""
    if flat:
        return lambda values: pictures.flatten(iter(values)).astype(dtype, copy=False)
    return lambda values: numpy.stack(values).astype(dtype, copy=False)


def taken(tensor: numpy.ndarray, output: OutputColumn, rows: int) -> list[Any]:
    """One output's values, one a row: one place of the tensor's row, or all of it."""
    if output.index is not None:
        return list(tensor[:, output.index].tolist())
    return list(tensor.reshape(rows).tolist() if tensor.size == rows else tensor.tolist())

"""ONNX Runtime on a package's graph: rows in, predictions out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy
import onnxruntime

from trifold.errors import UserError
from trifold.package import Column, OutputColumn, Signature
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

Prediction = dict[str, Any]


class Refused(Exception):
    """The graph did not score rows that its signature allows."""


class Scorer:
    """One session. Not for two threads at once: the batcher sees to that."""

    def __init__(self, model: Path, signature: Signature, threads: int) -> None:
        """Raises UserError where graph and signature do not belong together."""
        self.session = onnxruntime.InferenceSession(str(model), options(threads), providers=["CPUExecutionProvider"])
        self.blocks = blocks(self.session, signature, model)
        self.names = [output.name for output in signature.outputs]
        self.tensors = list(dict.fromkeys(output.tensor for output in signature.outputs))
        known = {output.name for output in self.session.get_outputs()}
        if missing := [tensor for tensor in self.tensors if tensor not in known]:
            raise UserError(f"the graph has no output '{missing[0]}'", where=str(model))
        self.outputs = tuple(signature.outputs)

    def score(self, rows: Sequence[Row]) -> list[Prediction]:
        """One prediction a row: {output name: value}. Raises Refused with the graph's own reason."""
        columns = list(zip(*rows, strict=True))
        feeds: dict[str, numpy.ndarray] = {}
        for block in self.blocks:
            feeds.update(block.feeds(columns))
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


@dataclass(frozen=True)
class Block:
    """Columns whose tensors are alike, so that one array is made for all of them: the cost is by call, not by value.

    places: where the columns stand in a row; shape: of one value in the tensor.
    """

    names: tuple[str, ...]
    places: tuple[int, ...]
    dtype: Any
    shape: tuple[int, ...]
    image: bool

    def feeds(self, columns: Sequence[Sequence[Any]]) -> Iterator[tuple[str, numpy.ndarray]]:
        """Each column's tensor: [N, 1], images [N, ...]. Null is "", or NaN: a nullable column's input is of floats."""
        values: Sequence[Any] = [columns[place] for place in self.places]
        if self.image:
            array = numpy.stack([numpy.stack(one) for one in values]).astype(self.dtype, copy=False)
        else:
            if self.dtype is object:
                values = [filled(one) if None in one else one for one in values]
            flat = chain.from_iterable(values)  # one pass: numpy.array would first look for the shape
            array = numpy.fromiter(flat, self.dtype, len(values) * len(values[0]))
        return zip(self.names, array.reshape(len(self.names), -1, *self.shape), strict=True)


def filled(values: Sequence[Any]) -> list[Any]:
    return ["" if value is None else value for value in values]


def blocks(session: Any, signature: Signature, model: Path) -> list[Block]:
    """The signature's columns by the tensor they become."""
    inputs = {one.name: one for one in session.get_inputs()}
    if unmatched := sorted(set(inputs) ^ {column.name for column in signature.inputs}):
        raise UserError(f"'{unmatched[0]}' is not in both the graph's inputs and the signature", where=str(model))
    alike: dict[tuple[Any, ...], list[int]] = {}
    for place, column in enumerate(signature.inputs):
        alike.setdefault(tensor_of(inputs[column.name], column), []).append(place)
    return [
        Block(tuple(signature.inputs[place].name for place in places), tuple(places), *kind)
        for kind, places in alike.items()
    ]


def tensor_of(given: Any, column: Column) -> tuple[Any, tuple[int, ...], bool]:
    """Type, shape of one value, and whether it is an image."""
    if given.type not in NUMPY:
        raise UserError(f"input '{given.name}' is of type {given.type}, which the server does not make")
    if column.type == "image":
        return NUMPY[given.type], tuple(given.shape[1:]), True
    return NUMPY[given.type], (1,), False


def taken(tensor: numpy.ndarray, output: OutputColumn, rows: int) -> list[Any]:
    """One output's values, one a row: one place of the tensor's row, or all of it."""
    if output.index is not None:
        return list(tensor[:, output.index].tolist())
    one = tensor.size == rows and output.type != "array"
    return list(tensor.reshape(rows).tolist() if one else tensor.reshape(rows, -1).tolist())

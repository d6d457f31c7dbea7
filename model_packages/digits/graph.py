"""The network as one ONNX graph: pixels in, digit and probabilities out.

Inside it is 64-bit, as scikit-learn computes: at this size that costs nothing, and the answers agree.
"""

from typing import Any

import numpy as np
from onnx import ModelProto, TensorProto, checker, helper, numpy_helper

SIDE = 8
WHITE = 255.0
OPSETS = (helper.make_opsetid("", 18),)


def build(network: Any) -> ModelProto:
    """network: a fitted MLPClassifier over SIDE * SIDE pixels in 0..1, with ReLU and one hidden layer."""
    nodes = [
        helper.make_node("Flatten", ["image"], ["pixels"], axis=1),
        helper.make_node("Cast", ["pixels"], ["pixels_double"], to=TensorProto.DOUBLE),
        helper.make_node("Div", ["pixels_double", "white"], ["scaled"]),
        helper.make_node("Gemm", ["scaled", "weights_0", "bias_0"], ["hidden"]),
        helper.make_node("Relu", ["hidden"], ["active"]),
        helper.make_node("Gemm", ["active", "weights_1", "bias_1"], ["log_odds"]),
        helper.make_node("Softmax", ["log_odds"], ["probabilities"], axis=1),
        helper.make_node("ArgMax", ["probabilities"], ["digit"], axis=1, keepdims=0),
    ]
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [None, SIDE, SIDE])
    outputs = [
        helper.make_tensor_value_info("digit", TensorProto.INT64, [None]),
        helper.make_tensor_value_info("probabilities", TensorProto.DOUBLE, [None, len(network.classes_)]),
    ]
    graph = helper.make_graph(nodes, "digits", [image], outputs, initializer=constants(network))
    model = helper.make_model(graph, opset_imports=OPSETS, producer_name="trifold", ir_version=9)
    checker.check_model(model, full_check=True)
    return model


def constants(network: Any) -> list[TensorProto]:
    arrays = {"white": np.array(WHITE)}
    for layer, (weights, bias) in enumerate(zip(network.coefs_, network.intercepts_, strict=True)):
        arrays |= {f"weights_{layer}": weights, f"bias_{layer}": bias}
    return [numpy_helper.from_array(np.ascontiguousarray(array, "float64"), name) for name, array in arrays.items()]

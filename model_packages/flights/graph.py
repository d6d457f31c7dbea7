"""The model as one ONNX graph: raw columns in, probability out.

Written node by node from what scikit-learn learned, since that is short, exact and needs no converter:
- a category is looked up in a table of late rates (TargetEncoder's); an unknown or missing one gets the overall rate;
- trees compare 32-bit values. scikit-learn compares with 64-bit thresholds; rounded down to 32 bits they decide the
  same for every 32-bit value (x <= t holds just when x <= the largest 32-bit number that is not above t);
- a missing number is NaN, and goes where the tree sends missing values.
"""

from typing import Any

import numpy as np
from onnx import ModelProto, TensorProto, checker, helper

from model_packages.flights.columns import CATEGORIES, FEATURES, INTEGERS, NUMBERS, TARGET

OPSETS = (helper.make_opsetid("", 18), helper.make_opsetid("ai.onnx.ml", 3))
ML = "ai.onnx.ml"
NUMBER_TYPES = {name: "int64" if name in INTEGERS else "float32" for name in NUMBERS}


def build(encoder: Any, trees: Any) -> ModelProto:
    """encoder: a fitted TargetEncoder over CATEGORIES; trees: a fitted HistGradientBoostingClassifier over FEATURES."""
    nodes = [encode(name, index, encoder) for index, name in enumerate(CATEGORIES)]
    floats = [name for name in FEATURES if name not in CATEGORIES and name not in INTEGERS]
    nodes.append(helper.make_node("Concat", list(INTEGERS), ["integers"], axis=1))
    nodes.append(helper.make_node("Cast", ["integers"], ["integers_float"], to=TensorProto.FLOAT))
    encoded = [f"{name}_rate" for name in CATEGORIES]
    nodes.append(helper.make_node("Concat", [*encoded, "integers_float", *floats], ["features"], axis=1))
    nodes.append(helper.make_node("TreeEnsembleRegressor", ["features"], ["log_odds"], domain=ML, **ensemble(trees)))
    nodes.append(helper.make_node("Sigmoid", ["log_odds"], [TARGET]))
    output = helper.make_tensor_value_info(TARGET, TensorProto.FLOAT, [None, 1])
    graph = helper.make_graph(nodes, "flights", [graph_input(name) for name in FEATURES], [output])
    model = helper.make_model(graph, opset_imports=OPSETS, producer_name="trifold", ir_version=9)
    checker.check_model(model, full_check=True)
    return model


def graph_input(name: str) -> Any:
    kind = TensorProto.STRING if name in CATEGORIES else TensorProto.INT64 if name in INTEGERS else TensorProto.FLOAT
    return helper.make_tensor_value_info(name, kind, [None, 1])


def encode(name: str, index: int, encoder: Any) -> Any:
    """A table from category to late rate."""
    rates = np.asarray(encoder.encodings_[index], dtype="float32")
    table = {"keys_strings": [str(key) for key in encoder.categories_[index]], "values_floats": rates.tolist()}
    default = float(np.float32(encoder.target_mean_))
    return helper.make_node("LabelEncoder", [name], [f"{name}_rate"], domain=ML, default_float=default, **table)


def ensemble(trees: Any) -> dict[str, Any]:
    """The attributes of a TreeEnsembleRegressor that sums all trees."""
    per_tree = [tree_attributes(number, iteration[0].nodes) for number, iteration in enumerate(trees._predictors)]
    joined = {key: [value for tree in per_tree for value in tree[key]] for key in per_tree[0]}
    base = [float(np.asarray(trees._baseline_prediction).reshape(-1)[0])]
    return {**joined, "base_values": base, "n_targets": 1, "aggregate_function": "SUM"}


def tree_attributes(number: int, nodes: np.ndarray) -> dict[str, list[Any]]:
    """One tree's nodes and leaves."""
    leaf = nodes["is_leaf"].astype(bool)
    leaves = np.flatnonzero(leaf)
    ids = np.arange(len(nodes))
    return {
        "nodes_treeids": [number] * len(nodes),
        "nodes_nodeids": ids.tolist(),
        "nodes_featureids": np.where(leaf, 0, nodes["feature_idx"]).tolist(),
        "nodes_modes": ["LEAF" if end else "BRANCH_LEQ" for end in leaf],
        "nodes_values": np.where(leaf, np.float32(0), rounded_down(nodes["num_threshold"])).tolist(),
        "nodes_truenodeids": np.where(leaf, 0, nodes["left"]).tolist(),
        "nodes_falsenodeids": np.where(leaf, 0, nodes["right"]).tolist(),
        "nodes_missing_value_tracks_true": np.where(leaf, 0, nodes["missing_go_to_left"]).tolist(),
        "target_treeids": [number] * len(leaves),
        "target_nodeids": leaves.tolist(),
        "target_ids": [0] * len(leaves),
        "target_weights": nodes["value"][leaves].astype("float32").tolist(),
    }


def rounded_down(thresholds: np.ndarray) -> np.ndarray:
    """The largest 32-bit numbers that are not above the thresholds."""
    nearest = thresholds.astype("float32")
    below = np.nextafter(nearest, np.float32(-np.inf))
    return np.where(nearest.astype("float64") > thresholds, below, nearest).astype("float32")

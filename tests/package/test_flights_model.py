"""The flights graph answers as scikit-learn does, and the package says truly how good it is."""

import json

import numpy as np
import onnxruntime
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from model_packages.flights import DATA, data, graph, training
from model_packages.flights.columns import CATEGORIES, FEATURES, NUMBERS
from trifold.package.recipe import data_file
from trifold.package.threads import one_thread


@pytest.fixture(scope="module")
def splits() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    return training.split(data.table(*(data_file(path) for path in DATA)))


@pytest.fixture(scope="module")
def model(splits) -> training.Model:
    """Trained on a tenth of the flights."""
    with one_thread():
        return training.Model(seed=3).fit(splits[0].iloc[::10])


@pytest.fixture(scope="module")
def session(model) -> onnxruntime.InferenceSession:
    onnx = graph.build(model.encoder, model.trees).SerializeToString()
    return opened(onnx)


def opened(onnx: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(onnx, options, providers=["CPUExecutionProvider"])


def answers(session: onnxruntime.InferenceSession, frame: pd.DataFrame) -> np.ndarray:
    return session.run(["late"], training.feeds(frame))[0].reshape(-1)


def test_the_graph_answers_as_scikit_learn_for_the_whole_hold_out(model, session, splits):
    _, held_out, _ = splits
    assert np.abs(answers(session, held_out) - model.predict(held_out)).max() <= 1e-6


def test_one_flight_at_a_time_gives_what_a_batch_gives(session, splits):
    some = splits[1].head(50)
    alone = [answers(session, some.iloc[[row]])[0] for row in range(len(some))]
    assert np.abs(np.array(alone) - answers(session, some)).max() <= 1e-6


def test_values_at_and_beside_every_threshold_go_the_same_way(model, session):
    """Where 32 and 64 bits could disagree: each threshold, the 32-bit numbers around it, and what is missing."""
    chance = np.random.default_rng(5)
    nodes = np.concatenate([trees[0].nodes for trees in model.trees._predictors])
    nodes = nodes[nodes["is_leaf"] == 0]
    columns = {}
    for index, name in enumerate(NUMBERS, start=len(CATEGORIES)):
        edges = nodes["num_threshold"][nodes["feature_idx"] == index].astype("float32")
        edges = edges[np.isfinite(edges)] if len(edges) else np.zeros(1, "float32")
        around = [np.nextafter(edges, np.float32(way), dtype="float32") for way in (-np.inf, np.inf)]
        whole = name in ("weekday", "departure_minute", "arrival_minute")
        values = np.concatenate([np.floor(edges), np.ceil(edges)] if whole else [edges, *around, [np.nan]])
        columns[name] = chance.choice(values, 4000).astype("int64" if whole else "float32")
    words = {name: chance.choice([*model.encoder.categories_[i], "?", ""], 4000) for i, name in enumerate(CATEGORIES)}
    frame = pd.DataFrame({**words, **columns})
    assert np.abs(answers(session, frame) - model.predict(frame)).max() <= 1e-6


@pytest.mark.parametrize("seed", range(5))
def test_rounding_thresholds_down_keeps_every_decision(seed):
    chance = np.random.default_rng(seed)
    values = chance.normal(size=2000).astype("float32") * np.float32(10.0) ** chance.integers(-3, 4, 2000).astype(
        "float32"
    )
    middles = (values[:-1].astype("float64") + values[1:].astype("float64")) / 2
    thresholds = np.concatenate([middles, values.astype("float64"), [np.inf]])
    down = graph.rounded_down(thresholds)
    assert down.dtype == np.float32
    for threshold, rounded in zip(thresholds, down, strict=True):
        near = np.float32(threshold)
        for value in (near, np.nextafter(near, np.float32(-np.inf)), np.nextafter(near, np.float32(np.inf))):
            assert (float(value) <= threshold) == (value <= rounded)


def test_the_graph_of_any_such_trees_is_right(model):
    """Not only these data: random numbers, a third of them missing, and deep trees."""
    chance = np.random.default_rng(2)
    numbers = chance.normal(size=(3000, len(FEATURES))).astype("float32")
    numbers[chance.random(numbers.shape) < 0.3] = np.nan
    numbers[:, : len(CATEGORIES)] = np.nan_to_num(numbers[:, : len(CATEGORIES)])
    late = (np.nansum(numbers[:, 5:9], axis=1) > 0.3).astype(int)
    with one_thread():
        trees = HistGradientBoostingClassifier(max_iter=20, max_leaf_nodes=60, min_samples_leaf=5).fit(numbers, late)
    attributes = graph.ensemble(trees)
    from onnx import TensorProto, helper

    node = helper.make_node("TreeEnsembleRegressor", ["x"], ["y"], domain=graph.ML, **attributes)
    given = [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, len(FEATURES)])]
    result = [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, 1])]
    built = helper.make_model(helper.make_graph([node], "t", given, result), opset_imports=graph.OPSETS, ir_version=9)
    session = opened(built.SerializeToString())
    odds = session.run(["y"], {"x": numbers})[0].reshape(-1).astype("float64")
    assert np.abs(1 / (1 + np.exp(-odds)) - trees.predict_proba(numbers)[:, 1]).max() <= 1e-6


def test_an_unknown_category_counts_as_an_average_one_and_nothing_known_is_scored_too(session, splits):
    some = splits[1].head(20)
    unknown, missing = some.assign(carrier="??", dest="???"), some.assign(carrier=None, dest=None)
    assert (answers(session, unknown) == answers(session, missing)).all()
    nothing = some.assign(**{name: np.nan for name in NUMBERS if name not in graph.INTEGERS}, carrier=None)
    assert np.isfinite(answers(session, nothing)).all()


def test_a_graph_that_differs_is_refused(model, splits):
    onnx = graph.build(model.encoder, model.trees).SerializeToString()
    held_out = splits[1].head(1000)
    with pytest.raises(Exception, match=r"differs from scikit-learn by 2\.\d\de-06"):
        training.compare(onnx, held_out, answers_of(onnx, held_out) + 2e-6)


def answers_of(onnx: bytes, frame: pd.DataFrame) -> np.ndarray:
    return answers(opened(onnx), frame).astype("float64")


# ---- the package as built ----------------------------------------------------------------------------------------


def test_the_report_has_scores_baselines_calibration_and_slices_with_counts(flights):
    report = json.loads((flights.folder / "metrics.json").read_text())
    rows = report["splits"]["held_out"]["rows"]
    assert set(report["model"]) >= {"roc_auc", "pr_auc", "log_loss", "brier"}
    assert set(report["baselines"]) == {"base_rate", "rule_of_thumb"}
    assert sum(part["rows"] for part in report["calibration"]) == rows
    assert set(report["slices"]) == {"carrier", "origin", "hour", "month"}
    assert all(sum(part["rows"] for part in parts) == rows for parts in report["slices"].values())
    assert report["onnx_difference"] == {"rows": rows, "within": 1e-6}


def test_the_report_can_be_computed_again_from_the_package(flights, splits):
    """Its ROC AUC and Brier score, from the packaged graph and the hold-out."""
    from sklearn.metrics import brier_score_loss, roc_auc_score

    report = json.loads((flights.folder / "metrics.json").read_text())
    _, held_out, _ = splits
    session = opened((flights.folder / "model.onnx").read_bytes())
    got = answers(session, held_out)
    assert roc_auc_score(held_out["late"], got) == pytest.approx(report["model"]["roc_auc"], abs=1e-5)
    assert brier_score_loss(held_out["late"], got) == pytest.approx(report["model"]["brier"], abs=1e-5)
    assert report["splits"]["held_out"]["late"] == held_out["late"].sum()


def test_the_card_tells_what_one_must_know(flights):
    card = (flights.folder / "card.md").read_text()
    for words in ("Cancelled and diverted", "at least one hour old", "Time zones", "Split by time", "### By carrier"):
        assert words in card
    assert "8255 cancelled" in card

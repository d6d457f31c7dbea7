"""Train on the first nine months, judge on the last three, and hand the kit an ONNX graph with its report."""

from typing import Any

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import TargetEncoder

from model_packages.flights import DATA, card, data, graph, scores
from model_packages.flights.columns import CATEGORIES, FEATURES, NUMBERS, SIGNATURE, TARGET
from trifold.package import BuildError, TrainedModel
from trifold.package.recipe import data_file

LAST_TRAINING_MONTH = 9
TOLERANCE = 1e-6  # between scikit-learn's answer and the graph's, for every flight of the hold-out
# Chosen by forward validation inside the training months (fit on 1-4, judge on 5-6; fit on 1-7, judge on 8-9).
TREES = {"learning_rate": 0.05, "max_iter": 150, "max_leaf_nodes": 15, "min_samples_leaf": 500, "max_features": 0.5}
SMOOTHING = 20.0  # flights by which a rare category is drawn towards the overall rate


class Model:
    """A target encoder for the categories and boosted trees: scikit-learn's answer, which the graph must give too."""

    def __init__(self, seed: int) -> None:
        folds = StratifiedKFold(5, shuffle=True, random_state=seed)
        self.encoder = TargetEncoder(smooth=SMOOTHING, target_type="binary", cv=folds)
        self.trees = HistGradientBoostingClassifier(**TREES, early_stopping=False, random_state=seed)

    def fit(self, frame: pd.DataFrame) -> "Model":
        late = frame[TARGET].to_numpy("float64")
        self.trees.fit(features(self.encoder.fit_transform(texts(frame), late), frame), late)
        return self

    def predict(self, frame: pd.DataFrame) -> np.ndarray:
        return self.trees.predict_proba(features(self.encoder.transform(texts(frame)), frame))[:, 1]


def texts(frame: pd.DataFrame) -> np.ndarray:
    return frame[list(CATEGORIES)].astype(object).where(frame[list(CATEGORIES)].notna(), "").to_numpy(object)


def features(encoded: np.ndarray, frame: pd.DataFrame) -> np.ndarray:
    """All features in the graph's precision, 32 bits, in the order of FEATURES."""
    return np.column_stack([encoded.astype("float32"), frame[list(NUMBERS)].to_numpy("float32")])


def train_model(seed: int, share: float = 1.0) -> TrainedModel:
    """share: of the training flights, for quick tests."""
    flights = data.table(*(data_file(path) for path in DATA))
    train, held_out, unknown = split(flights)
    if share < 1.0:
        train = train.sample(frac=share, random_state=seed).sort_index()
    model = Model(seed).fit(train)
    proto = graph.build(model.encoder, model.trees)
    onnx = proto.SerializeToString(deterministic=True)
    probability = model.predict(held_out)
    report = scores.report(train, held_out, probability)
    report["onnx_difference"] = compare(onnx, held_out, probability)
    report["excluded"] = excluded(unknown, model)
    return TrainedModel(
        onnx=onnx,
        signature=SIGNATURE,
        sample=data.sample(held_out),
        metrics=report,
        card=card.text(report),
        notes={"trees": TREES, "smoothing": SMOOTHING, "features": list(FEATURES)},
    )


def split(flights: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Flights to learn from, flights held out (all later than those), and flights whose lateness is unknown."""
    known = flights[flights[TARGET].notna()]
    train = known[known["month"] <= LAST_TRAINING_MONTH]
    held_out = known[known["month"] > LAST_TRAINING_MONTH]
    return train, held_out, flights[flights[TARGET].isna()]


def compare(onnx: bytes, held_out: pd.DataFrame, probability: np.ndarray) -> dict[str, Any]:
    """The largest difference between scikit-learn and ONNX Runtime on the hold-out. Raises BuildError above 1e-6."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(onnx, options, providers=["CPUExecutionProvider"])
    answers = session.run([TARGET], feeds(held_out))[0].reshape(-1)
    largest = float(np.abs(answers.astype("float64") - probability).max())
    if not largest <= TOLERANCE:
        raise BuildError(f"the ONNX graph differs from scikit-learn by {largest:.2e}, more than {TOLERANCE:.0e}")
    return {"rows": len(held_out), "within": TOLERANCE}


def feeds(frame: pd.DataFrame) -> dict[str, np.ndarray]:
    """The graph's inputs, one column each."""
    words = {name: texts(frame)[:, index : index + 1] for index, name in enumerate(CATEGORIES)}
    numbers = {name: frame[name].to_numpy(kind).reshape(-1, 1) for name, kind in graph.NUMBER_TYPES.items()}
    return {**words, **numbers}


def excluded(unknown: pd.DataFrame, model: Model) -> dict[str, Any]:
    """The flights that never arrived: how many, and how late the model would have thought them."""
    cancelled = int(unknown["cancelled"].sum())
    mean = scores.rounded(model.predict(unknown).mean())
    return {"cancelled": cancelled, "diverted_or_unrecorded": len(unknown) - cancelled, "mean_prediction": mean}

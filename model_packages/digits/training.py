"""Train the network, judge it on the last third of the scans, and hand the kit an ONNX graph with its report."""

import base64
import gzip
import io
from typing import Any

import numpy as np
from sklearn.metrics import accuracy_score, confusion_matrix, log_loss
from sklearn.neural_network import MLPClassifier

from model_packages.digits import DATA, card, graph
from trifold.package import BuildError, Column, OutputColumn, Signature, TrainedModel
from trifold.package.recipe import data_file

INK = 16  # the scans' darkest value; a request has 0..255, as a PNG does
TRAIN_ROWS = 1200  # of 1,797, in the order of the file
CLASSES = 10
TOLERANCE = 1e-6
NETWORK = {"hidden_layer_sizes": (48,), "alpha": 1e-2, "batch_size": 100, "learning_rate_init": 1e-2, "max_iter": 150}
GATES = {"accuracy": "higher", "log_loss": "lower"}
SIGNATURE = Signature(
    inputs=(
        Column("image", "image", shape=(graph.SIDE, graph.SIDE), range=(0, int(graph.WHITE)), unit="grey level",
               description="8 x 8 scan, ink is light: rows of numbers, or a grey PNG as base64"),
    ),
    outputs=(
        OutputColumn("digit", "long", tensor="digit", description="the most probable digit"),
        OutputColumn("probabilities", "array", tensor="probabilities", unit="1", description="of the digits 0 to 9"),
    ),
    max_rows=1000,
)  # fmt: skip


def train_model(seed: int) -> TrainedModel:
    images, digits = scans()
    inputs = images.reshape(len(images), -1) / graph.WHITE
    network = MLPClassifier(**NETWORK, random_state=seed).fit(inputs[:TRAIN_ROWS], digits[:TRAIN_ROWS])
    onnx = graph.build(network).SerializeToString(deterministic=True)
    probability = network.predict_proba(inputs[TRAIN_ROWS:])
    compare(onnx, images[TRAIN_ROWS:], probability)
    report = report_of(inputs, digits, probability)
    return TrainedModel(
        onnx=onnx,
        signature=SIGNATURE,
        sample=sample(images[TRAIN_ROWS:]),
        metrics=report,
        card=card.text(report),
        notes={"network": {key: str(value) for key, value in NETWORK.items()}},
    )


def scans() -> tuple[np.ndarray, np.ndarray]:
    """Images (N, 8, 8) of whole grey levels 0..255, and what they show (N)."""
    with gzip.open(data_file(DATA[0]), "rt") as lines:
        table = np.loadtxt(lines, delimiter=",")
    images = np.round(table[:, :-1] * (graph.WHITE / INK)).reshape(-1, graph.SIDE, graph.SIDE)
    return images, table[:, -1].astype("int64")


def compare(onnx: bytes, images: np.ndarray, probability: np.ndarray) -> None:
    """Raises BuildError where ONNX Runtime and scikit-learn differ on the hold-out."""
    import onnxruntime

    session = onnxruntime.InferenceSession(onnx, providers=["CPUExecutionProvider"])
    digit, answers = session.run(["digit", "probabilities"], {"image": images.astype("float32")})
    largest = float(np.abs(answers - probability).max())
    if not largest <= TOLERANCE or (digit != probability.argmax(axis=1)).any():
        raise BuildError(f"the ONNX graph differs from scikit-learn by {largest:.2e}, more than {TOLERANCE:.0e}")


def report_of(inputs: np.ndarray, digits: np.ndarray, probability: np.ndarray) -> dict[str, Any]:
    """metrics.json."""
    known, truth = digits[:TRAIN_ROWS], digits[TRAIN_ROWS:]
    nearest = nearest_mean(inputs[:TRAIN_ROWS], known, inputs[TRAIN_ROWS:])
    shares = np.tile(np.bincount(known, minlength=CLASSES) / len(known), (len(truth), 1))
    return {
        "target": "digit",
        "gates": GATES,
        "model": scores(truth, probability),
        "baselines": {"base_rate": scores(truth, shares), "nearest_mean_image": scores(truth, nearest)},
        "splits": {"train": balance(known), "held_out": balance(truth)},
        "calibration": calibration(truth, probability),
        "slices": {"digit": [by_digit(truth, probability, digit) for digit in range(CLASSES)]},
        "confusion": confusion_matrix(truth, probability.argmax(axis=1)).tolist(),
    }


def nearest_mean(inputs: np.ndarray, digits: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """Probabilities by squared distance to each digit's mean image, in units of the scans' spread around them."""
    means = np.stack([inputs[digits == digit].mean(axis=0) for digit in range(CLASSES)])
    spread = ((inputs - means[digits]) ** 2).sum(axis=1).mean()
    distances = ((asked[:, None] - means) ** 2).sum(axis=2) / spread
    odds = np.exp(-CLASSES * (distances - distances.min(axis=1, keepdims=True)))
    return odds / odds.sum(axis=1, keepdims=True)


def scores(truth: np.ndarray, probability: np.ndarray) -> dict[str, float]:
    accuracy = accuracy_score(truth, probability.argmax(axis=1))
    return {"accuracy": rounded(accuracy), "log_loss": rounded(log_loss(truth, probability, labels=range(CLASSES)))}


def balance(digits: np.ndarray) -> dict[str, Any]:
    return {"rows": len(digits), "of_each": np.bincount(digits, minlength=CLASSES).tolist()}


def calibration(truth: np.ndarray, probability: np.ndarray) -> list[dict[str, float]]:
    """How sure the model was of its answer against how often it was right, in fifths of the hold-out."""
    sure, right = probability.max(axis=1), probability.argmax(axis=1) == truth
    parts = np.array_split(np.argsort(sure, kind="stable"), 5)
    return [
        {"rows": len(part), "predicted": rounded(sure[part].mean()), "observed": rounded(right[part].mean())}
        for part in parts
    ]


def by_digit(truth: np.ndarray, probability: np.ndarray, digit: int) -> dict[str, Any]:
    part = truth == digit
    return {"value": digit, "rows": int(part.sum()), **scores(truth[part], probability[part])}


def sample(images: np.ndarray) -> list[dict[str, Any]]:
    """Six scans, every second one as a PNG."""
    return [
        {"image": image.astype(int).tolist()} if row % 2 == 0 else {"image": png(image)}
        for row, image in enumerate(images[:6])
    ]


def png(image: np.ndarray) -> str:
    """A grey PNG, as base64."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(image.astype("uint8")).save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def rounded(value: float) -> float:
    return round(float(value), 6)

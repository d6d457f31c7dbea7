"""How good the model is on flights it never saw: scores, baselines, calibration, and slices with their counts."""

from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

GATES = {"roc_auc": "higher", "pr_auc": "higher", "log_loss": "lower", "brier": "lower"}
SLICES = ("carrier", "origin", "hour", "month")
BINS = 10
FEWEST = 100  # a slice with fewer rows of one class gets no area under a curve

# The rule of thumb: what someone who flies a lot would say. Written by hand, not fitted.
USUAL = 0.22
BY_HOUR = ((9, 0.5), (13, 0.8), (17, 1.1), (24, 1.5))  # until this hour: this many times the usual rate
BY_MONTH = {6: 1.3, 7: 1.3, 12: 1.3, 9: 0.75, 10: 0.75, 11: 0.75}
BY_CARRIER = {
    "EV": 1.3,
    "MQ": 1.3,
    "FL": 1.3,
    "F9": 1.3,
    "YV": 1.3,
    "AS": 0.7,
    "HA": 0.7,
    "DL": 0.8,
    "US": 0.8,
    "VX": 0.8,
}


def rule_of_thumb(frame: pd.DataFrame) -> np.ndarray:
    """A hand-written probability by carrier, hour and month."""
    hour = frame["hour"].map(lambda value: next(factor for until, factor in BY_HOUR if value < until))
    month = frame["month"].map(BY_MONTH).fillna(1.0)
    carrier = frame["carrier"].map(BY_CARRIER).fillna(1.0)
    return (USUAL * hour * month * carrier).to_numpy("float64")


def scores(late: np.ndarray, probability: np.ndarray) -> dict[str, float]:
    """All scores of one set of predictions."""
    return {
        "roc_auc": rounded(roc_auc_score(late, probability)),
        "pr_auc": rounded(average_precision_score(late, probability)),
        "log_loss": rounded(log_loss(late, probability)),
        "brier": rounded(brier_score_loss(late, probability)),
        "mean_prediction": rounded(probability.mean()),
    }


def report(train: pd.DataFrame, held_out: pd.DataFrame, probability: np.ndarray) -> dict[str, Any]:
    """metrics.json. probability: the model's, for every row of `held_out`."""
    late = held_out["late"].to_numpy("float64")
    base_rate = np.full(len(held_out), train["late"].mean())
    return {
        "target": "late",
        "gates": GATES,
        "model": scores(late, probability),
        "baselines": {
            "base_rate": scores(late, base_rate),
            "rule_of_thumb": scores(late, rule_of_thumb(held_out)),
        },
        "splits": {"train": split(train), "held_out": split(held_out)},
        "calibration": calibration(late, probability),
        "slices": {name: by_slice(held_out, name, late, probability) for name in SLICES},
    }


def split(frame: pd.DataFrame) -> dict[str, Any]:
    """Rows, class balance and the span of scheduled departures (UTC)."""
    late = int(frame["late"].sum())
    span = [frame["departure"].min().isoformat(), frame["departure"].max().isoformat()]
    return {"rows": len(frame), "late": late, "late_rate": rounded(late / len(frame)), "departures": span}


def calibration(late: np.ndarray, probability: np.ndarray) -> list[dict[str, float]]:
    """Predicted against observed rate in tenths of the hold-out, from the least to the most likely."""
    order = np.argsort(probability, kind="stable")
    return [
        {
            "rows": len(part),
            "from": rounded(probability[part[0]]),
            "to": rounded(probability[part[-1]]),
            "predicted": rounded(probability[part].mean()),
            "observed": rounded(late[part].mean()),
        }
        for part in np.array_split(order, BINS)
    ]


def by_slice(frame: pd.DataFrame, name: str, late: np.ndarray, probability: np.ndarray) -> list[dict[str, Any]]:
    """Scores for each value of a column, in order of the value."""
    values = frame[name].to_numpy()
    parts = ((value, np.flatnonzero(values == value)) for value in sorted(set(values.tolist())))
    return [{"value": value, **slice_scores(late[part], probability[part])} for value, part in parts]


def slice_scores(late: np.ndarray, probability: np.ndarray) -> dict[str, Any]:
    enough = min(late.sum(), len(late) - late.sum()) >= FEWEST
    return {
        "rows": len(late),
        "late_rate": rounded(late.mean()),
        "mean_prediction": rounded(probability.mean()),
        "roc_auc": rounded(roc_auc_score(late, probability)) if enough else None,
        "log_loss": rounded(log_loss(late, probability, labels=[0, 1])),
        "brier": rounded(brier_score_loss(late, probability)),
    }


def rounded(value: float) -> float:
    return round(float(value), 6)

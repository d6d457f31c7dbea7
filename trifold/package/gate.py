"""A model is packaged only if it beats its baselines: metrics.json says by what, and this compares."""

import math
from typing import Any

HIGHER, LOWER = "higher", "lower"


def failures(metrics: Any) -> list[str]:
    """Why these metrics do not let a model through; empty when they do."""
    if not isinstance(metrics, dict):
        return ["the metrics are no object"]
    gates, model, baselines = (metrics.get(key) for key in ("gates", "model", "baselines"))
    if not (isinstance(gates, dict) and isinstance(model, dict) and isinstance(baselines, dict)):
        return ["the metrics hold no 'gates', 'model' and 'baselines'"]
    if not gates or not baselines:
        return ["there is no gate, or no baseline to beat"]
    return [
        reason
        for metric, better in gates.items()
        for name, baseline in baselines.items()
        if (reason := _compare(metric, better, model, name, baseline))
    ]


def _compare(metric: str, better: str, model: dict[str, Any], name: str, baseline: dict[str, Any]) -> str:
    ours, theirs = model.get(metric), baseline.get(metric)
    if better not in (HIGHER, LOWER):
        return f"gate '{metric}' is neither '{HIGHER}' nor '{LOWER}'"
    if not _number(ours) or not _number(theirs):
        return f"{metric}: not a number for the model ({ours}) or for {name} ({theirs})"
    beats = ours > theirs if better == HIGHER else ours < theirs
    return "" if beats else f"{metric}: {ours:.4f} does not beat {name} with {theirs:.4f} ({better} is better)"


def _number(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value)

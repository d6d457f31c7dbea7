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


def _compare(metric: str, better: str, model: dict[str, Any], name: str, baseline: Any) -> str:
    if better not in (HIGHER, LOWER):
        return f"gate '{metric}' is neither '{HIGHER}' nor '{LOWER}'"
    ours, theirs = _number(model.get(metric)), _number(baseline.get(metric) if isinstance(baseline, dict) else None)
    if ours is None or theirs is None:
        return f"{metric}: the model or {name} has no number for it"
    beats = ours > theirs if better == HIGHER else ours < theirs
    return "" if beats else f"{metric}: {ours:.4f} does not beat {name} with {theirs:.4f} ({better} is better)"


def _number(value: Any) -> float | None:
    return value if type(value) in (int, float) and math.isfinite(value) else None

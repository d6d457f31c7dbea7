"""The model card and the data card, as Markdown: pure text from the report."""

from typing import Any

HEAD = """# Handwritten digits

**Asked:** which digit is on this 8 x 8 scan? **Answered:** `digit`, and `probabilities` of the ten digits. A neural
network with one hidden layer (scikit-learn), served from one ONNX graph. An image is eight rows of eight numbers from
0 to 255, ink light on dark, or a grey PNG of that size as base64; both give the same answer.

**Meant for:** showing that the package format is not tied to tables. **Not for** reading post.

## Data card

- The scans that scikit-learn ships (the test part of "Optical Recognition of Handwritten Digits", E. Alpaydin and
  C. Kaynak, UCI): 1,797 real digits by 13 people, grey levels 0 to 16, here brought to 0 to 255.
- Split in the order of the file, not at random: one hand's digits lie near each other there, and a random split would
  let the network see most hands that it is judged on.
"""
BASELINES = "\nNearest mean image: the digit whose mean scan is closest, its odds by squared distance.\n"


def text(report: dict[str, Any]) -> str:
    named = {"model": report["model"], **report["baselines"]}
    results = [
        [name.replace("_", " "), *(f"{scores[key]:.4f}" for key in report["gates"])] for name, scores in named.items()
    ]
    splits = [[name.replace("_", " "), part["rows"], *part["of_each"]] for name, part in report["splits"].items()]
    sure = [[part["rows"], f"{part['predicted']:.3f}", f"{part['observed']:.3f}"] for part in report["calibration"]]
    slices = [[row["value"], row["rows"], f"{row['accuracy']:.3f}"] for row in report["slices"]["digit"]]
    return "\n".join(
        (
            HEAD,
            "## How good it is, on the hold-out\n",
            table(["", *(f"{key} ({better} is better)" for key, better in report["gates"].items())], results),
            BASELINES,
            "## Class balance\n",
            table(["split", "scans", *map(str, range(10))], splits),
            "## Calibration\n",
            table(["scans", "mean probability of the answer", "share that is right"], sure),
            "## Slices of the hold-out\n",
            table(["digit", "scans", "accuracy"], slices),
        )
    )


def table(head: list[str], rows: list[list[Any]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines)

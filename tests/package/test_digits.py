"""The second real package: a neural network on images, as arrays or as PNG."""

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from model_packages.digits import training
from trifold.package import verify
from trifold.package.scoring import Scorer


@pytest.fixture(scope="module")
def scorer(digits) -> Scorer:
    return Scorer(digits.folder)


def test_it_reads_digits_it_never_saw(scorer):
    images, truth = training.scans()
    held_out = images[training.TRAIN_ROWS :]
    answers = scorer.predict([{"image": image.tolist()} for image in held_out])
    right = [answer["digit"] == digit for answer, digit in zip(answers, truth[training.TRAIN_ROWS :], strict=True)]
    assert np.mean(right) > 0.9


def test_an_image_as_png_as_rows_as_a_flat_list_and_as_vertex_bytes_is_the_same(scorer):
    image = training.scans()[0][1500]
    png = training.png(image)
    forms = [png, {"b64": png}, image.tolist(), image.reshape(-1).tolist()]
    first, *others = scorer.predict([{"image": form} for form in forms])
    assert all(other == first for other in others)
    assert sum(first["probabilities"]) == pytest.approx(1)
    assert first["digit"] == int(np.argmax(first["probabilities"]))


def encoded(mode: str, size: tuple[int, int], kind: str = "PNG") -> str:
    buffer = io.BytesIO()
    Image.new(mode, size).save(buffer, kind)
    return base64.b64encode(buffer.getvalue()).decode()


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        ("%%%", "'image' is no base64"),
        (base64.b64encode(b"text").decode(), "'image' is no PNG"),
        (encoded("L", (9, 8)), "'image' is 8 x 9 pixels, not 8 x 8"),
        (encoded("L", (8, 8), "GIF"), "'image' is no PNG"),
        (encoded("L", (8, 8))[:60], "'image' is no PNG that can be read"),
        ([[0] * 8] * 7, r"'image' has shape \[7, 8\], not \[8, 8\]"),
        ([[256] * 8] * 8, "'image' has a pixel outside of 0 to 255"),
        (None, "row 0: 'image' is missing"),
    ],
)
def test_what_is_no_such_image_is_refused(scorer, image, reason):
    with pytest.raises(ValueError, match=reason):
        scorer.predict([{"image": image}])


def test_colours_count_as_grey(scorer):
    assert scorer.predict([{"image": encoded("RGB", (8, 8))}]) == scorer.predict([{"image": encoded("L", (8, 8))}])


def test_the_package_is_right_and_beats_its_baselines(digits):
    verify(digits.folder.parent)
    report = json.loads((digits.folder / "metrics.json").read_text())
    assert report["model"]["accuracy"] > max(scores["accuracy"] for scores in report["baselines"].values())
    assert sum(map(sum, report["confusion"])) == report["splits"]["held_out"]["rows"]

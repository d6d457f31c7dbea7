"""Image columns: PNGs and arrays give the same pixels, and what is no image is refused with the reason."""

import base64
import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from tests.serving.conftest import Client

GREY = [[0, 16, 8], [4, 4, 4], [16, 0, 0], [2, 2, 2]]
FLAT = [value for line in GREY for value in line]


@pytest.fixture(scope="module")
def client(serve: Any, images: Any) -> Client:
    return serve(images, "vertex")


def png(width: int = 3, height: int = 4, mode: str = "L", color: Any = 255) -> str:
    out = io.BytesIO()
    Image.new(mode, (width, height), color).save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb() -> str:
    """A PNG whose header promises 50,000 x 50,000 pixels."""
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 0, 0, 0, 0)
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IEND", b"")).decode()


@pytest.mark.parametrize(
    ("image", "mean"),
    [
        (GREY, sum(FLAT) / 12),
        (FLAT, sum(FLAT) / 12),
        ([float(value) for value in FLAT], sum(FLAT) / 12),
        (png(), 16.0),
        ({"b64": png()}, 16.0),
        (png(color=0), 0.0),
        (png(mode="RGB", color=(255, 255, 255)), 16.0),
        (png(mode="1", color=1), 16.0),
    ],
)
def test_arrays_and_pngs_are_scored(client: Client, image: Any, mean: float) -> None:
    assert client.score([{"image": image}]).json["predictions"] == [{"mean": pytest.approx(mean, abs=1e-5)}]


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        (None, "null is not allowed here"),
        (7, "expected an image: base64 of a PNG, or an array of numbers"),
        ({"url": "x"}, "expected an image: base64 of a PNG, or an array of numbers"),
        ([], "expected 4x3 = 12 numbers, got 0"),
        (FLAT[:-1], "expected 4x3 = 12 numbers, got 11"),
        ([line[:2] for line in GREY], "expected 4 lists of 3 numbers"),
        ([GREY], "expected 4 lists of 3 numbers"),
        ([*GREY[:3], 1], "expected 4x3 = 12 numbers, got 4"),
        ([*FLAT[:-1], "1"], "expected numbers only"),
        ([*FLAT[:-1], True], "expected numbers only"),
        ([*FLAT[:-1], 16.5], "a number is outside of 0 to 16"),
        ("%%%", "the string is not base64"),
        ("", "the image is empty or too large"),
        (base64.b64encode(b"GIF89a...").decode(), "the string is not base64 of a PNG"),
        (png(width=4), "the PNG is 4x4 pixels, the model takes 3x4"),
        (bomb(), "the PNG is 50000x50000 pixels, the model takes 3x4"),
        (base64.b64encode(base64.b64decode(png())[:-20]).decode(), "the PNG cannot be read"),
        (base64.b64encode(base64.b64decode(png())[:10]).decode(), "the PNG has no header"),
    ],
)
def test_what_is_no_image_is_refused(client: Client, image: Any, reason: str) -> None:
    answer = client.score([{"image": GREY}, {"image": image}])
    assert answer.status == 400
    assert answer.json["error"]["message"].startswith(f"row 1, column 'image': {reason}")

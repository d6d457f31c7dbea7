"""Image columns: base64 of a PNG, or nested or flat arrays, into float32 of the column's shape and range.

A PNG is read as 8-bit grey and must have the column's width and height; 0..255 is scaled to the column's `range`.
Arrays are taken as they are, within that range. Pillow is imported at the first PNG.
"""

import base64
import binascii
import io
from itertools import chain
from typing import Any

import numpy

from trifold.package import Column

MAX_BASE64 = 1 << 20  # characters: far above any PNG of a size that a signature names
PNG = b"\x89PNG\r\n\x1a\n"
END = b"IEND\xaeB`\x82"  # the last chunk with its check sum


def array(value: Any, column: Column) -> numpy.ndarray:
    """One image of the column's shape (height, width). Raises ValueError with the reason."""
    if value is None:
        raise ValueError("null is not allowed here")
    if isinstance(value, dict) and set(value) == {"b64"}:  # Vertex AI's own way to write bytes in JSON
        value = value["b64"]
    if isinstance(value, str):
        return png(value, column)
    if isinstance(value, list):
        return numbers(value, column)
    raise ValueError("expected an image: base64 of a PNG, or an array of numbers")


def wrong(value: Any, column: Column) -> str:
    """Why this is no image for the column; "" if it is one."""
    try:
        array(value, column)
    except ValueError as error:
        return str(error)
    return ""


def bounds(column: Column) -> tuple[float, float]:
    """Black and white."""
    low, high = column.range or (0.0, 255.0)
    return float(low), float(high)


def shape(column: Column) -> tuple[int, int]:
    """Height and width in pixels."""
    height, width = column.shape or (0, 0)
    return height, width


def numbers(value: list[Any], column: Column) -> numpy.ndarray:
    """Height lists of width numbers, or one flat list of them."""
    height, width = shape(column)
    flat = value
    if value and all(isinstance(line, list) for line in value):
        if len(value) != height or any(len(line) != width for line in value):
            raise ValueError(f"expected {height} lists of {width} numbers")
        flat = list(chain.from_iterable(value))
    if len(flat) != height * width:
        raise ValueError(f"expected {height}x{width} = {height * width} numbers, got {len(flat)}")
    if not set(map(type, flat)) <= {int, float}:
        raise ValueError("expected numbers only")
    low, high = bounds(column)
    if not all(low <= one <= high for one in flat):  # false for NaN too
        raise ValueError(f"a number is outside of {low:.10g} to {high:.10g}")
    return numpy.array(flat, dtype=numpy.float32).reshape(height, width)


def png(text: str, column: Column) -> numpy.ndarray:
    """A PNG in base64. Only PNG is tried: every other decoder of Pillow stays out of reach of a request."""
    try:
        raw = base64.b64decode(text, validate=True) if len(text) <= MAX_BASE64 else b""
    except (binascii.Error, ValueError):
        raise ValueError("the string is not base64") from None
    if not raw.startswith(PNG):
        raise ValueError("the string is not base64 of a PNG" if raw else "the image is empty or too large")
    height, width = shape(column)
    found = size(raw)
    if found != (width, height):
        raise ValueError(f"the PNG is {found[0]}x{found[1]} pixels, the model takes {width}x{height}")
    if END not in raw:
        raise ValueError("the PNG cannot be read: it is cut short")
    grey = decode(raw)
    low, high = bounds(column)
    return (grey.astype(numpy.float32) * ((high - low) / 255.0) + low).reshape(height, width)


def size(raw: bytes) -> tuple[int, int]:
    """Width and height out of the header, before anything is decoded: a bomb stays packed."""
    if len(raw) < 24 or raw[12:16] != b"IHDR":
        raise ValueError("the PNG has no header")
    return int.from_bytes(raw[16:20], "big"), int.from_bytes(raw[20:24], "big")


def decode(raw: bytes) -> numpy.ndarray:
    """8-bit grey pixels."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(raw), formats=["PNG"]) as image:
            return numpy.asarray(image.convert("L"))
    except Exception as error:  # Pillow raises a dozen kinds for a broken file, SyntaxError among them
        raise ValueError(f"the PNG cannot be read: {str(error)[:100]}") from None

"""signature.json: read back as written, and refused by the column that is wrong."""

import json

import pytest

from trifold.package import Column, OutputColumn, PackageError, Signature

SIGNATURE = Signature(
    (
        Column("carrier", "string", True, description="code"),
        Column("age", "double", True, unit="a", range=(0, 100)),
        Column("scan", "image", shape=(8, 8), range=(0, 255)),
    ),
    (OutputColumn("late", "double", "p", 1), OutputColumn("all", "array", "p")),
    max_rows=10,
)


def test_a_signature_is_read_back_as_written():
    assert Signature.from_json(json.loads(json.dumps(SIGNATURE.to_json()))) == SIGNATURE


def test_what_is_not_given_has_its_default():
    read = Signature.from_json({"inputs": [{"name": "a", "type": "long"}], "outputs": SIGNATURE.to_json()["outputs"]})
    assert read.inputs[0] == Column("a", "long", nullable=False)
    assert read.max_rows == 1000


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        ({"type": "long"}, "a column has no name"),
        ({"name": "a", "type": "date"}, "input 'a': type is none of string, double, long, boolean, image"),
        ({"name": "a", "type": "image"}, "input 'a': 'shape' is for images, and needed there"),
        ({"name": "a", "type": "image", "shape": [8]}, "input 'a': 'shape' is not 2 numbers"),
        ({"name": "a", "type": "image", "shape": [8, 0]}, "input 'a': 'shape' is not two whole numbers above 0"),
        ({"name": "a", "type": "long", "range": [2, 1]}, "input 'a': 'range' is empty"),
        ({"name": "a", "type": "long", "nullable": "no"}, "input 'a': 'nullable' is no boolean"),
        ("a", "a column has no name"),
    ],
)
def test_a_wrong_column_is_named(column, reason):
    with pytest.raises(PackageError) as error:
        Signature.from_json({**SIGNATURE.to_json(), "inputs": [column]})
    assert (error.value.file, error.value.reason) == ("signature.json", reason)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"inputs": []}, "'inputs' is not a filled list"),
        ({"outputs": None}, "'outputs' is not a filled list"),
        ({"outputs": [{"name": "a", "type": "double"}]}, "output 'a': 'tensor' is missing"),
        (
            {"outputs": [{"name": "a", "type": "double", "tensor": "t", "index": -1}]},
            "output 'a': 'index' is no position",
        ),
        ({"inputs": [{"name": "a", "type": "long"}] * 2}, "a column is named twice"),
        ({"max_rows": 0}, "'max_rows' is not a number above 0"),
    ],
)
def test_a_wrong_member_is_named(values, reason):
    with pytest.raises(PackageError) as error:
        Signature.from_json({**SIGNATURE.to_json(), **values})
    assert error.value.reason == reason

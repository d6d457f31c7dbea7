"""What a client sends wrong gets a 4xx that names the row and the field, in the platform's own shape."""

import json
import math
from typing import Any

import pytest

from tests.serving import packages
from tests.serving.conftest import Client

WRONG_VALUES = [
    ("carrier", 5, "expected a string, got 5"),
    ("carrier", None, "null is not allowed here"),
    ("carrier", ["UA"], "expected a string, got an array"),
    ("carrier", "\ud800", "the string holds half of a surrogate pair"),
    ("distance", "500", 'expected a number, got the string "500"'),
    ("distance", True, "expected a number, got true"),
    ("distance", None, "null is not allowed here"),
    ("distance", math.nan, "NaN is not allowed"),
    ("distance", -math.inf, "infinity is not allowed"),
    ("distance", 1e39, "1e+39 is outside of -3.402823466e+38 to 3.402823466e+38"),
    ("temp", math.nan, "NaN is not allowed, send null"),
    ("temp", {}, "expected a number or null, got an object"),
    ("hour", 7.5, "expected a whole number, got 7.5"),
    ("hour", 24, "24 is outside of 0 to 23"),
    ("hour", "7", 'expected a whole number, got the string "7"'),
    ("seats", 2**63, "9.223372037e+18 is outside of -9.223372037e+18 to 9.223372037e+18"),
    ("holiday", 1, "expected true or false, got 1"),
    ("holiday", "true", 'expected true or false, got the string "true"'),
]


def told(answer: Any, platform: str) -> tuple[str, str]:
    """The place and the reason of the first detail, out of each platform's shape."""
    error = answer.json["error"]
    if platform == "sagemaker":
        one = error["details"][0]
        return f"instances[{one['row']}].{one['field']}", one["reason"]
    if platform == "azureml":
        return error["details"][0]["target"], error["details"][0]["message"].partition(": ")[2]
    violation = error["details"][0]["fieldViolations"][0]
    return violation["field"], violation["description"].partition(": ")[2]


@pytest.mark.parametrize(("field", "value", "reason"), WRONG_VALUES)
def test_a_wrong_value_is_named_by_row_and_column(
    client: Client, row: dict[str, Any], field: str, value: Any, reason: str
) -> None:
    answer = client.score([row, row, {**row, field: value}])
    assert answer.status == 400
    assert told(answer, client.app.platform.name) == (f"instances[2].{field}", reason)
    assert f"row 2, column '{field}'" in answer.json["error"]["message"]


def test_a_missing_column_is_named(client: Client, row: dict[str, Any]) -> None:
    del row["distance"]
    answer = client.score([row])
    assert answer.status == 400
    assert told(answer, client.app.platform.name) == ("instances[0].distance", "the column is missing")


def test_a_missing_nullable_column_is_named_too(client: Client, row: dict[str, Any]) -> None:
    del row["temp"]
    answer = client.score([row])
    assert told(answer, client.app.platform.name) == ("instances[0].temp", "the column is missing, send null")


def test_an_unknown_column_is_named(client: Client, row: dict[str, Any]) -> None:
    answer = client.score([{**row, "carier": "UA"}])
    assert answer.status == 400
    assert told(answer, client.app.platform.name) == ("instances[0].carier", "the model has no such column")


def test_all_wrong_values_are_told_up_to_twenty(serve: Any, records: Any, row: dict[str, Any]) -> None:
    answer = serve(records).score([{**row, "hour": 99, "carrier": 1}] * 40)
    assert len(answer.json["error"]["details"]) == 20
    assert answer.json["error"]["message"].endswith("(and 19 more)")


@pytest.mark.parametrize(
    ("body", "code", "reason"),
    [
        (b"", "invalid_json", "the body is empty"),
        (b"   ", "invalid_json", "the body is empty"),
        (b'{"instances": [', "invalid_json", "the body is not JSON"),
        (b'{"instances": [}]}', "invalid_json", "the body is not JSON"),
        (b"\xff\xfe", "invalid_json", "the body is not UTF-8 (byte 0)"),
        (b'{"instances": [{"carrier": "\xff"}]}', "invalid_json", "the body is not UTF-8"),
        (b"[" * 200_000, "invalid_json", "nested too deeply"),
        (b"[]", "invalid_request", "expected an object with 'instances', got an array"),
        (b"null", "invalid_request", "expected an object with 'instances', got null"),
        (b"{}", "invalid_request", "'instances' is missing"),
        (b'{"instances": {}}', "invalid_request", "'instances' must be an array, got an object"),
        (b'{"instances": []}', "empty_batch", "'instances' is empty"),
        (b'{"instances": [1]}', "invalid_values", "row 0: expected an object of column names and values, got 1"),
        (b'{"instances": [[1, 2]]}', "invalid_values", "got an array"),
        (b'{"instances": [], "columns": []}', "invalid_request", "unknown member 'columns'"),
        (b'{"instances": [{}], "parameters": {"a": 1}}', "invalid_request", "'parameters' must be empty"),
        (b'{"instances": [' + b"{}," * 100 + b"{}]}", "too_many_rows", "101 rows, at most 100"),
        (b'{"instances": [{"seats": ' + b"9" * 5000 + b"}]}", "invalid_values", "the column is missing"),
    ],
)
def test_a_wrong_body_is_explained(serve: Any, records: Any, body: bytes, code: str, reason: str) -> None:
    client = serve(records)
    answer = client.call("POST", "/invocations", body, content_type="application/json")
    assert (answer.status, answer.json["error"]["code"]) == (400, code)
    assert reason in answer.json["error"]["message"]


def test_errors_have_the_platforms_shape(client: Client) -> None:
    error = client.score([]).json["error"]
    if client.app.platform.name == "vertex":
        assert (error["code"], error["status"]) == (400, "INVALID_ARGUMENT")
    else:
        assert error["code"] == "empty_batch"
    assert error["message"] == "'instances' is empty: send at least one row"


@pytest.mark.parametrize("chunks", [1, 3])
def test_a_body_that_is_too_large_gets_413(serve: Any, records: Any, chunks: int) -> None:
    client = serve(records, TRIFOLD_MAX_BODY_BYTES="1000")
    answer = client.call("POST", "/invocations", b" " * 1001, chunks, content_type="application/json")
    assert answer.status == 413
    assert answer.json["error"]["message"] == "the body is larger than 1000 bytes"
    assert answer.headers["connection"] == "close"  # how much more would come is not known


def test_a_body_that_says_it_is_too_large_is_not_read(serve: Any, records: Any) -> None:
    client = serve(records, TRIFOLD_MAX_BODY_BYTES="1000")
    answer = client.call("POST", "/invocations", b" " * 30, 3, content_type="application/json", content_length="2000")
    assert answer.status == 413
    assert "connection" not in answer.headers


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"content_type": "text/plain"}, "content type 'text/plain' is not supported: send application/json"),
        ({"content_type": "application/json; charset=latin-1"}, "charset 'latin-1' is not supported: send UTF-8"),
        ({"content_encoding": "gzip"}, "content encoding 'gzip' is not supported: send the body as it is"),
    ],
)
def test_a_wrong_content_type_gets_415(client: Client, row: dict[str, Any], headers: dict, reason: str) -> None:
    answer = client.score([row], **headers)
    assert answer.status == 415
    assert answer.json["error"]["message"].startswith(reason)


def test_routes_and_methods_are_named(client: Client) -> None:
    score = client.app.platform.score
    assert client.call("GET", score).json["error"]["message"] == f"{score} takes POST, not GET"
    assert client.call("GET", score).status == 405
    assert client.call("POST", client.app.platform.health[0]).status == 405
    wrong = client.call("GET", "/nowhere")
    assert (wrong.status, wrong.json["error"]["message"].startswith("there is no /nowhere")) == (404, True)


def test_unknown_categories_and_nulls_are_scored(client: Client, row: dict[str, Any]) -> None:
    rows = [{**row, "carrier": "??", "tail": None, "temp": None, "seats": None}, {**row, "tail": ""}]
    answer = client.score(rows)
    assert answer.status == 200
    for found, one in zip(answer.json["predictions"], rows, strict=True):
        assert found["late"] == pytest.approx(packages.late(one), abs=1e-6)


@pytest.mark.parametrize("number", ["5e2", "500.0", "500", "-0.0", "1E2"])
def test_all_ways_to_write_a_number_are_taken(serve: Any, records: Any, row: dict[str, Any], number: str) -> None:
    body = json.dumps({"instances": [{**row, "distance": "@"}], "parameters": {}}).replace('"@"', number)
    answer = serve(records).call("POST", "/invocations", body.encode(), content_type="application/json; charset=UTF-8")
    wanted = packages.late({**row, "distance": float(number)})
    assert answer.json["predictions"][0]["late"] == pytest.approx(wanted, abs=1e-6)


def test_it_serves_on_after_all_of_it(client: Client, row: dict[str, Any]) -> None:
    for body in (b"\x00" * 100, b"{" * 1000, b'{"instances":' * 300):
        assert client.call("POST", client.app.platform.score, body, content_type="application/json").status == 400
    assert client.score([row]).status == 200

"""text/csv on SageMaker, and only there."""

import csv
import io
from typing import Any

import pytest

from tests.serving import packages
from tests.serving.conftest import Client

NAMES = [column["name"] for column in packages.RECORDS["inputs"]]


@pytest.fixture(scope="module")
def sagemaker(serve: Any, records: Any) -> Client:
    return serve(records)


def post(client: Client, text: str | bytes, **headers: str) -> Any:
    body = text.encode() if isinstance(text, str) else text
    return client.call("POST", "/invocations", body, content_type="text/csv", **headers)


def test_lines_are_rows_in_the_signatures_order(sagemaker: Client) -> None:
    answer = post(sagemaker, "UA,N1,500,50.5,7,149,false\nAA,,500,,7,,true\r\n")
    rows = [packages.ROW, {**packages.ROW, "carrier": "AA", "tail": None, "temp": None, "seats": None, "holiday": True}]
    found = [prediction["late"] for prediction in answer.json["predictions"]]
    assert found == pytest.approx([packages.late(row) for row in rows], abs=1e-6)


def test_a_header_puts_the_columns_in_any_order(sagemaker: Client) -> None:
    out = io.StringIO()
    order = sorted(NAMES, reverse=True)
    csv.writer(out).writerows([order, [packages.ROW[name] for name in order]])
    answer = post(sagemaker, out.getvalue())
    assert answer.json["predictions"][0]["late"] == pytest.approx(packages.late(packages.ROW), abs=1e-6)


def test_csv_comes_back_where_it_is_asked_for(sagemaker: Client) -> None:
    answer = post(sagemaker, "UA,N1,500,50.5,7,149,false\n" * 3, accept="text/csv")
    assert answer.headers["content-type"] == "text/csv"
    assert len(answer.body.decode().splitlines()) == 3
    assert float(answer.body.decode().split(",")[0]) == pytest.approx(packages.late(packages.ROW), abs=1e-6)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "'instances' is empty: send at least one row"),
        (",".join(NAMES), "'instances' is empty: send at least one row"),
        ("UA,N1,500", "row 0: 3 cells, expected 7"),
        ("UA,N1,500,50.5,7,149,false\nUA,N1,far,50.5,7,149,false", "row 1, column 'distance': expected a number"),
        ("UA,N1,nan,50.5,7,149,false", "row 0, column 'distance': NaN is not allowed"),
        ("UA,N1,1e999,50.5,7,149,false", "row 0, column 'distance': infinity is not allowed"),
        ("UA,N1,1_000,50.5,7,149,false", "row 0, column 'distance': expected a number"),
        ("UA,N1,,50.5,7,149,false", "row 0, column 'distance': null is not allowed here"),
        ("UA,N1,500,50.5,7.5,149,false", "row 0, column 'hour': expected a whole number"),
        ("UA,N1,500,50.5,7,149,maybe", "row 0, column 'holiday': expected true or false"),
        ('UA,"N1,500', "the body is not CSV"),
        (b"\xff\xfe", "not UTF-8"),
        ("UA,N1,500,50.5,7,149,false\n" * 101, "101 rows, at most 100"),
    ],
)
def test_what_is_wrong_is_named(sagemaker: Client, text: str | bytes, message: str) -> None:
    answer = post(sagemaker, text)
    assert answer.status == 400
    assert answer.json["error"]["message"].startswith(message)


@pytest.mark.parametrize("platform", ["azureml", "vertex"])
def test_other_platforms_take_json_only(serve: Any, records: Any, platform: str) -> None:
    client = serve(records, platform)
    assert client.call("POST", client.app.platform.score, b"UA", content_type="text/csv").status == 415

"""Whatever bytes or JSON a client sends: an answer of 200 or 4xx, in the platform's shape, and never a 5xx."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.serving import packages
from tests.serving.conftest import Client

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=3)
)
ROWS = st.fixed_dictionaries(
    {column["name"]: SCALARS | st.just(packages.ROW[column["name"]]) for column in packages.RECORDS["inputs"]}
)
HEADERS = ["content_type", "content_encoding", "accept", "content_length", "x_request_id"]
QUIET = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def check(answer: Any) -> None:
    assert answer.status in (200, 400, 413, 415, 422), answer.body
    assert ("error" in answer.json) == (answer.status != 200)


@pytest.fixture(scope="module")
def sagemaker(serve: Any, records: Any) -> Client:
    return serve(records)


@QUIET
@given(body=st.binary(max_size=200), kind=st.sampled_from(["application/json", "text/csv"]))
def test_any_bytes(sagemaker: Client, body: bytes, kind: str) -> None:
    check(sagemaker.call("POST", "/invocations", body, content_type=kind))


@QUIET
@given(value=VALUES)
def test_any_json(sagemaker: Client, value: Any) -> None:
    check(sagemaker.call("POST", "/invocations", json.dumps({"instances": value}).encode()))
    check(sagemaker.call("POST", "/invocations", json.dumps(value).encode()))


@QUIET
@given(rows=st.lists(ROWS, min_size=1, max_size=3))
def test_any_values_in_rows(sagemaker: Client, rows: list[dict[str, Any]]) -> None:
    check(sagemaker.score(rows))


@QUIET
@given(cells=st.lists(st.text(max_size=8), min_size=7, max_size=7))
def test_any_cells(sagemaker: Client, cells: list[str]) -> None:
    body = ",".join(cells).encode(errors="replace")
    check(sagemaker.call("POST", "/invocations", body, content_type="text/csv"))


@QUIET
@given(value=VALUES)
def test_any_image(serve: Any, images: Any, value: Any) -> None:
    check(serve(images).score([{"image": value}]))


@QUIET
@given(name=st.sampled_from(HEADERS), value=st.binary(max_size=30))
def test_any_header(sagemaker: Client, name: str, value: bytes) -> None:
    check(sagemaker.score([packages.ROW], **{name: value.decode("latin-1")}))

"""The limits that the kit relies on: for each, the test that stays within it and the one that goes beyond.

They are tests of the local clouds, of the server and of the program; the support matrix lists them, and a test holds
that they exist.
"""

from dataclasses import dataclass

AWS, AZURE = "tests/local/aws/test_endpoint.py::", "tests/local/azure/test_deployments.py::"
VERTEX, WAITS = "tests/local/gcp/test_vertex.py::", "tests/local/gcp/test_limits.py::"
SERVER, STACK = "tests/serving/test_process.py::", "tests/conformance/test_stack.py::"


@dataclass(frozen=True)
class Limit:
    """within, beyond: ids of tests."""

    name: str
    within: str
    beyond: str


LIMITS = (
    Limit(
        "the server: 1.5 MB a request",
        f"{SERVER}test_the_sender_of_a_large_body_gets_to_read_why",
        f"{SERVER}test_the_sender_of_a_large_body_gets_to_read_why",
    ),
    Limit(
        "SageMaker: 25 MB a request",
        f"{AWS}test_an_endpoint_serves_what_its_archive_holds",
        f"{AWS}test_a_payload_over_25_mb_is_refused",
    ),
    Limit(
        "SageMaker: 60 s a request",
        f"{AWS}test_an_endpoint_serves_what_its_archive_holds",
        f"{AWS}test_an_answer_that_takes_more_than_a_minute_is_a_model_error",
    ),
    Limit(
        "Azure ML: the time a deployment allows a request",
        f"{AZURE}test_a_slow_model_is_a_408",
        f"{AZURE}test_a_slow_model_is_a_408",
    ),
    Limit(
        "Azure ML: 5 s a request where a deployment says nothing",
        f"{AZURE}test_five_seconds_are_the_most_where_nothing_is_set",
        f"{AZURE}test_five_seconds_are_the_most_where_nothing_is_set",
    ),
    Limit(
        "Azure ML: one request at a time where a deployment says nothing",
        f"{AZURE}test_more_than_twice_the_concurrency_is_a_429",
        f"{AZURE}test_more_than_twice_the_concurrency_is_a_429",
    ),
    Limit(
        "Vertex AI: 1.5 MB a request at the shared host",
        f"{VERTEX}test_a_dedicated_endpoint_answers_at_its_own_host_only",
        f"{VERTEX}test_a_request_above_the_shared_hosts_limit_is_refused",
    ),
    Limit(
        "Vertex AI: 60 s a request at the shared host",
        f"{WAITS}test_the_shared_host_waits_a_minute",
        f"{WAITS}test_the_shared_host_waits_a_minute",
    ),
    Limit(
        "Vertex AI: the time a dedicated endpoint allows a request",
        f"{WAITS}test_a_dedicated_endpoint_waits_as_long_as_it_says",
        f"{WAITS}test_a_dedicated_endpoint_waits_as_long_as_it_says",
    ),
    Limit(
        "a stack's own account",
        f"{STACK}test_every_preview_knows_what_it_will_make",
        f"{STACK}test_another_account_is_refused_before_anything_is_registered",
    ),
)


def table() -> str:
    """For the support matrix."""
    head = ["## Limits", "", "| | within it | beyond it |", "|---|---|---|"]
    rows = (
        f"| {one.name} | {_cell(one.within)} | {'the same' if one.beyond == one.within else _cell(one.beyond)} |"
        for one in LIMITS
    )
    return "\n".join([*head, *rows, ""])


def _cell(test: str) -> str:
    file, _, name = test.partition("::")
    return f"[{name.removeprefix('test_').replace('_', ' ')}](../{file})"

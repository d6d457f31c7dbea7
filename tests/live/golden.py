"""A made-up record and its page: `python -m tests.live.golden` writes the page anew."""

from pathlib import Path

from tests.live import page
from tests.live.record import REAL, Found, Money, Record, Step, Tried

GOLDEN = Path(__file__).parent / "golden" / "2026-12-01-aws.md"
ENDPOINT, STACK = "tests/conformance/test_endpoint_emulated.py", "tests/conformance/test_stack_emulated.py"
ANSWERS = f"{ENDPOINT}::test_it_answers_as_the_package_says[aws]"
DRIFT = f"{STACK}::test_a_refresh_sees_no_drift[aws]"
OUT = "tests/conformance/test_destroy_emulated.py::test_a_living_stack_is_counted_and_left_alone[aws]"
RECORD = Record(
    day="2026-12-01",
    cloud="aws",
    region="eu-west-1",
    account=REAL,
    versions={"pulumi": "v3.260.0", "Python": "3.11.2", "kit": "0123abcd", "pulumi-aws (Python)": "7.0.0"},
    money=Money(0.064, 0.75, 20, ("endpoint: disks of the instances",)),
    steps=(
        Step("up", 301.5),
        Step("tests", 1802.1, "1 of 3 tests failed"),
        Step("destroy", 240.0),
        Step("sweep", 15.2),
    ),
    findings=(Found("unknown", "image", "the registry answered 401"),),
    resources={"aws:s3/bucket:Bucket": 1, "aws:sagemaker/endpoint:Endpoint": 1},
    tests=(
        Tried(ANSWERS, "passed", 3.2),
        Tried(DRIFT, "failed", 41.0, "AssertionError: ~ bucket updated | size\n[x]"),
        Tried(OUT, "left out", 0.0, "for local clouds only"),
    ),
    local=(Tried(ANSWERS, "passed", 0.4), Tried(DRIFT, "passed", 1.1), Tried(OUT, "left out", 0.0, "the same")),
    leaked=("aws:cloudwatch/logGroup:LogGroup /aws/sagemaker/Endpoints/x",),
)

if __name__ == "__main__":
    GOLDEN.parent.mkdir(exist_ok=True)
    GOLDEN.write_text(page.render(RECORD))

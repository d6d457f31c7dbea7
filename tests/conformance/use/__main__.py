"""Runs one of the functions in a process that has the local clouds' environment, or asks an endpoint.

python -m tests.conformance.use CLOUD FUNCTION < outputs.json > answer.json
python -m tests.conformance.use CLOUD predict < {"outputs": ..., "body": text} > answer.json
"""

import dataclasses
import importlib
import json
import sys
from typing import Any

from trifold.errors import UserError


def answer(cloud: str, function: str, given: Any) -> Any:
    if function != "predict":
        return getattr(importlib.import_module(f"tests.conformance.use.{cloud}"), function)(given)
    module = importlib.import_module(f"trifold.predict.{cloud}")
    try:
        return dataclasses.asdict(module.predict(given["outputs"], given["body"].encode()))
    except UserError as error:
        return {"error": str(error)}


if __name__ == "__main__":
    json.dump(answer(sys.argv[1], sys.argv[2], json.load(sys.stdin)), sys.stdout)

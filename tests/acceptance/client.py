"""A client of one endpoint, in a process that has the local clouds' environment: it asks through the vendor's own SDK.

python -m tests.acceptance.client CLOUD keep < outputs.json      asks until stdin ends, then prints what it saw
python -m tests.acceptance.client CLOUD ask < {"outputs": ..., "batches": [[instance, ...], ...]}
"""

import importlib
import json
import sys
import threading
from collections import Counter
from typing import Any

from trifold.errors import UserError

THREADS = 2


def ask(cloud: str, given: dict[str, Any]) -> dict[str, Any]:
    """The predictions of all batches in order, and the digests that answered."""
    client, predictions, digests = importlib.import_module(f"trifold.predict.{cloud}"), [], set()
    for batch in given["batches"]:
        answer = client.predict(given["outputs"], json.dumps({"instances": batch}).encode())
        predictions += answer.predictions
        digests.add(answer.package_digest[:32])
    return {"predictions": predictions, "digests": sorted(digests)}


def keep(cloud: str, given: dict[str, Any]) -> dict[str, Any]:
    """Ask from several threads until told to stop: answers by digest, endpoints, and every failure's text.

    The digest of each answer is printed as it comes, so that the test can wait for one.
    """
    client, stop = importlib.import_module(f"trifold.predict.{cloud}"), threading.Event()
    body, answers, endpoints, failures = json.dumps({"instances": given["batch"]}).encode(), Counter(), set(), []

    def loop() -> None:
        while not stop.is_set():
            try:
                answer = client.predict(given["outputs"], body)
            except (UserError, Exception) as error:
                failures.append(f"{type(error).__name__}: {error}")
            else:
                answers[answer.package_digest[:32]] += 1
                endpoints.add(answer.endpoint_id)
                print(answer.package_digest[:32], flush=True)

    threads = [threading.Thread(target=loop) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    stop.set()
    for thread in threads:
        thread.join()
    return {"answers": dict(answers), "endpoints": sorted(endpoints), "failures": failures}


if __name__ == "__main__":
    what = {"ask": ask, "keep": keep}[sys.argv[2]]
    first_line = sys.stdin.readline()
    print(json.dumps(what(sys.argv[1], json.loads(first_line))))

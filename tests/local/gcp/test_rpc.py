"""The gRPC transport's tests (rpc_cases.py), in a process of their own.

Pulumi's SDK and Google's each bring a definition of google.rpc.Status, and one process can hold only one of them. The
product never has both in one process: the provider speaks REST, the API knows no Pulumi.
"""

import subprocess
import sys
from pathlib import Path

CASES = Path(__file__).with_name("rpc_cases.py")
ROOT = Path(__file__).resolve().parents[3]


def test_the_grpc_transport():
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(CASES)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout

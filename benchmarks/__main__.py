"""`python -m benchmarks [NAME ...] [options]`: run benchmarks; every folder here with a run.py is one."""

import importlib
import sys
from pathlib import Path


def main(arguments: list[str]) -> None:
    """The named benchmarks, or all; options go to each."""
    known = sorted(path.parent.name for path in Path(__file__).parent.glob("*/run.py"))
    names = [one for one in arguments if one in known] or known
    options = [one for one in arguments if one not in known]
    for name in names:
        importlib.import_module(f"benchmarks.{name}.run").main(options)


if __name__ == "__main__":
    main(sys.argv[1:])

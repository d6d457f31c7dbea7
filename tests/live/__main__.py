"""`make live` and `make live-down`.

python -m tests.live CLOUD MAX_USD [--stack NAME] [--hours N] [--allow-unknown]
python -m tests.live down CLOUD [--stack NAME]
"""

import argparse
import sys

from tests.live import plan, run
from trifold.errors import UserError

CLOUDS = ("aws", "azure", "gcp")


def main(arguments: list[str]) -> int:
    """0: all is well and nothing is left; 1: not so; 2: it was refused, and nothing was made."""
    try:
        return _down(arguments[1:]) if arguments[:1] == ["down"] else _up(arguments)
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _up(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("make live", usage="make live CLOUD=aws|azure|gcp MAX_USD=n [STACK=] [HOURS=]")
    parser.add_argument("cloud", choices=CLOUDS)
    parser.add_argument("max_usd", type=float)
    parser.add_argument("--stack", default="")
    parser.add_argument("--hours", type=float, default=plan.HOURS)
    parser.add_argument("--allow-unknown", action="store_true")
    return 0 if run.live(plan.Wish(**vars(parser.parse_args(arguments)))).passed else 1


def _down(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("make live-down", usage="make live-down CLOUD=aws|azure|gcp [STACK=]")
    parser.add_argument("cloud", choices=CLOUDS)
    parser.add_argument("--stack", default="")
    given = parser.parse_args(arguments)
    found = run.finish(given.cloud, given.stack or f"live-{given.cloud}")
    print(*(f"left: {one}" for one in found.left or ()), sep="\n")
    return 0 if found.left == () and not found.steps[-1].why else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Two clouds that are as small as can be: what the supervisor is tested with. See TRIFOLD_LOCAL_PACKAGE."""

import sys

from trifold.local.processes.image import resolve


def resolve_image(image: str) -> list[str]:
    """The kit's rule for names, and a server that needs no model."""
    resolve(image)
    return [sys.executable, "-m", "tests.local.core.fakes.server"]

"""The event loop of the local clouds' processes."""

import asyncio
from collections.abc import Coroutine
from typing import Any


def run(main: Coroutine[Any, Any, None], fast: bool = True) -> None:
    """fast: with uvloop where it is installed. gRPC's asyncio server is at home on asyncio's own loop."""
    if fast:
        try:
            import uvloop
        except ImportError:
            pass
        else:
            return uvloop.run(main)
    asyncio.run(main)

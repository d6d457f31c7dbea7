"""One thread for numeric libraries while a model is trained, so that the same inputs give the same bytes.

A sum over another number of threads rounds differently: a digest would depend on the machine.
"""

import contextlib
import os
from collections.abc import Iterator
from typing import Any

VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Holds for libraries that are loaded already, and for those still to come, which read the environment."""
    before = {name: os.environ.get(name) for name in VARIABLES}
    os.environ.update(dict.fromkeys(VARIABLES, "1"))
    try:
        with _limit_loaded():
            yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})


def _limit_loaded() -> contextlib.AbstractContextManager[Any]:
    try:
        from threadpoolctl import threadpool_limits
    except ModuleNotFoundError:  # comes with scikit-learn; a model without it needs no limit
        return contextlib.nullcontext()
    return threadpool_limits(1)

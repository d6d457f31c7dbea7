"""Locks on files. They end with the process that holds them, so a kill leaves none behind."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def open_lock(file: Path) -> int:
    """A descriptor to lock with; the lock lives as long as the descriptor and all that a child inherited of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def try_lock(descriptor: int, shared: bool = False) -> bool:
    """Take the lock if it is free."""
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_held(file: Path) -> bool:
    """Whether some process holds the lock; a look, which takes it for no longer than that."""
    if not file.exists():
        return False
    descriptor = open_lock(file)
    try:
        return not try_lock(descriptor, shared=True)
    finally:
        os.close(descriptor)


@contextmanager
def held(file: Path, waiting: str = "") -> Iterator[None]:
    """Hold the lock in this block. waiting: printed once if that takes more than two seconds."""
    descriptor = open_lock(file)
    try:
        if not wait_for(descriptor, 2.0):
            if waiting:
                print(waiting, flush=True)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def wait_for(descriptor: int, seconds: float) -> bool:
    """Take the lock within so many seconds."""
    end = time.monotonic() + seconds
    while not try_lock(descriptor):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True

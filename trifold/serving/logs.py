"""JSON log lines on stderr, one an event. uvicorn's own loggers come out in the same shape."""

import contextlib
import logging
import sys
import time
from typing import Any

import msgspec

encoder = msgspec.json.Encoder()


def emit(level: str, event: str, **fields: Any) -> None:
    """Write one line: time (UTC), level, event, and what is given."""
    now = time.time()
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now % 1 * 1000):03d}Z"
    line = encoder.encode({"time": stamp, "level": level, "event": event, **fields}).decode()
    with contextlib.suppress(OSError, ValueError):  # whoever read our log is gone: serving goes on
        print(line, file=sys.stderr, flush=True)


class Handler(logging.Handler):
    """Carries records of the standard library's logging over."""

    def emit(self, record: logging.LogRecord) -> None:
        fields: dict[str, Any] = {"message": record.getMessage(), "logger": record.name}
        if record.exc_info:
            fields["exception"] = logging.Formatter().formatException(record.exc_info)
        emit(record.levelname.lower(), "log", **fields)


def install() -> None:
    """Send the standard library's logging here, warnings and worse."""
    logging.basicConfig(level=logging.WARNING, handlers=[Handler()], force=True)

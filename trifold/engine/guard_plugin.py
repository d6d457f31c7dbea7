"""Runs a plugin that ends when the engine does, however that ends: `python -I -S guard_plugin.py EXECUTABLE ...`.

The standard input is a pipe that the engine holds and never writes to; when it is closed, the plugin is ended.
"""

import os
import signal
import subprocess
import sys
import threading


def main(command: list[str]) -> int:
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    threading.Thread(target=end_with_engine, args=(process,), daemon=True).start()
    return process.wait()


def end_with_engine(process: subprocess.Popen) -> None:
    while os.read(0, 1024):
        pass
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

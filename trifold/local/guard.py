"""Runs a command that ends when its parent does, however that ends. A script of its own: `python -I -S guard.py ...`.

On Linux the kernel is asked for it (PR_SET_PDEATHSIG) and the command takes this process' place. Elsewhere this process
stays and watches: its standard input is a pipe that nobody writes to, and which is at its end when the parent is gone.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading

PR_SET_PDEATHSIG = 1


def command(argv: list[str], watching: bool = False) -> list[str]:
    """The argument list that runs `argv` under guard of the calling process. watching: the portable way, everywhere."""
    way = "watch" if watching or not sys.platform.startswith("linux") else "kernel"
    return [sys.executable, "-I", "-S", __file__, way, str(os.getpid()), *argv]


def become(parent: int, argv: list[str]) -> None:
    """Take the command's form, to be killed by the kernel when `parent` ends."""
    import ctypes

    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL):
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:  # it ended before we had asked
        sys.exit(1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.execvp(argv[0], argv)


def watch(argv: list[str]) -> int:
    """Run the command, end it when our standard input ends, pass on SIGTERM; its exit status as our own."""
    # What we inherited is meant for it: sockets, the lock that says that somebody of the family lives.
    process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, close_fds=False, start_new_session=True)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    threading.Thread(target=_end_with_parent, args=(process,), daemon=True).start()
    status = process.wait()
    if status < 0:  # by a signal: end the same way, for whoever reads our status
        signal.signal(-status, signal.SIG_DFL) if -status != signal.SIGKILL else None
        os.kill(os.getpid(), -status)
    return status


def _end_with_parent(process: subprocess.Popen) -> None:
    while os.read(0, 1024):
        pass
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    if sys.argv[1] == "kernel":
        become(int(sys.argv[2]), sys.argv[3:])
    else:
        sys.exit(watch(sys.argv[3:]))

"""Runs a Pulumi program in a process of its own: the engine starts this file with the program's Python.

It needs nothing but the `pulumi` package, whose public runtime functions it calls, as Pulumi's own language host does.
"""

import argparse
import asyncio
import contextlib
import gc
import importlib.util
import json
import logging
import os
import runpy
import sys
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

# Ended after the user was told what is wrong.
TOLD = 32
# Came to its end. A program that leaves by os._exit(0) has not, whatever it says.
DONE = 33
# New objects between two looks for garbage. What an SDK's import makes stays: Python's own 700 have it walked again and
# again, a quarter of the time that the import takes.
GARBAGE = 20_000
# The SDK's words for a call that the engine takes no more.
ENGINE_LEFT = "Resource monitor has terminated, shutting down"


def orders(lifeline: int) -> None:
    """Take what to run, and with which environment, from the engine; until then import what it takes a while to."""
    gc.set_threshold(GARBAGE)
    with contextlib.suppress(ImportError):  # told of when it is run
        import pulumi.runtime  # noqa: F401
    text = b""
    while not text.endswith(b"\n"):
        more = os.read(lifeline, 1 << 16)
        if not more:  # the engine is gone, or came to nothing
            os._exit(DONE)
        text += more
    found = json.loads(text)
    os.environ.update(found["environment"])
    sys.argv[1:] = ["--lifeline", str(lifeline), *found["arguments"]]


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run a Pulumi program")
    for name in ("project", "stack", "organization", "monitor", "engine", "root", "pwd"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--parallel", type=int, required=True)
    parser.add_argument("--lifeline", type=int, default=-1)
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("--quiet", action="store_true", help="nobody looks at debug messages")
    parser.add_argument("program")
    return parser.parse_args()


def end_with_the_engine(lifeline: int) -> None:
    """End this process when the engine is gone, killed or not: it holds the other end of a pipe that closes then."""

    def wait() -> None:
        os.read(lifeline, 1)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def main(arguments: argparse.Namespace) -> int:
    """Run the program; the exit status."""
    if arguments.lifeline >= 0:
        end_with_the_engine(arguments.lifeline)
    try:
        import pulumi
        import pulumi.runtime
    except ImportError:
        traceback.print_exc()
        print("The Pulumi SDK is not installed in the program's Python: pip install pulumi", file=sys.stderr)
        return 1
    pulumi.runtime.set_all_config(pulumi.runtime.get_config_env(), pulumi.runtime.get_config_secret_keys_env())
    pulumi.runtime.configure(
        pulumi.runtime.Settings(
            monitor=arguments.monitor,
            engine=arguments.engine,
            project=arguments.project,
            stack=arguments.stack,
            parallel=arguments.parallel,
            dry_run=arguments.dry_run,
            organization=arguments.organization,
            root_directory=arguments.root,
        )
    )
    if arguments.quiet:
        pulumi.runtime.settings.SETTINGS.engine = WithoutDebug(pulumi.runtime.settings.SETTINGS.engine)
    os.chdir(arguments.pwd)
    sys.argv = [arguments.program]
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    # As many calls at once as Pulumi's language host allows.
    executor = ThreadPoolExecutor(max_workers=max(arguments.parallel, 1) * 4)
    loop.set_default_executor(executor)
    # A run that fails leaves futures behind that nobody waits for; that is no news to the user.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    try:
        loop.run_until_complete(whole(arguments.program))
        return DONE
    except SystemExit as ended:
        if not ended.code:
            return DONE
        raise
    except pulumi.RunError as error:
        return 1 if str(error) == ENGINE_LEFT else tell(str(error), 1)
    except Exception:
        return tell(f"Program failed with an unhandled exception:\n{user_traceback(arguments.program)}", TOLD)
    finally:
        executor.shutdown(wait=True)
        loop.close()
        sys.stdout.flush()
        sys.stderr.flush()
        # An interpreter that ends looks through all objects for garbage, a third of a second for a large SDK's.
        gc.freeze()


# Beyond as many, what the SDK does at the end of a program takes longer than all the rest: see below.
MANY_OUTPUTS = 2000


class WithoutDebug:
    """The engine's service without debug messages: the SDK sends seven for each resource, and waits for each."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def Log(self, request: Any) -> Any:
        return self._engine.Log(request) if request.severity else None  # 0 is DEBUG


def tell(text: str, status: int) -> int:
    """Have the engine show an error; where the engine is gone, nobody is left to read it."""
    import grpc
    import pulumi

    with contextlib.suppress(grpc.RpcError):
        pulumi.log.error(text)
    return status


async def whole(program: str) -> None:
    """The program, and all that it registers."""
    import pulumi.runtime

    failures: list[BaseException] = []
    try:
        await pulumi.runtime.run_in_stack(lambda: run(program, failures))
    except asyncio.CancelledError:
        if failures:
            raise failures[0] from None
        raise


async def run(program: str, failures: list[BaseException]) -> None:
    """Run the program's own lines. failures: gets what ended a large one early."""
    from pulumi.runtime.settings import SETTINGS

    forget_compiled(program)
    runpy.run_path(program, run_name="__main__")
    outputs = list(getattr(SETTINGS, "outputs", ()))  # SDKs of before 2024 have none
    if len(outputs) > MANY_OUTPUTS:
        end_at_the_first_failure(outputs, failures)
        await asyncio.sleep(0)


def forget_compiled(program: str) -> None:
    """Have Python read what the program says now: it takes what it compiled before for the same as a source of the same
    size and second, and a test writes many programs in a second."""
    main_file = Path(program) / "__main__.py"
    with contextlib.suppress(OSError):  # there is none, or it is not ours to change
        Path(importlib.util.cache_from_source(str(main_file))).unlink()


def end_at_the_first_failure(outputs: list[asyncio.Task], failures: list[BaseException]) -> None:
    """As the SDK does, at a cost that grows with the outputs and not with their square.

    It waits for any of all outputs, as often as one is done, if it comes before the first registration has begun; a
    moment later (the `sleep` above) it waits for the registrations, one at a time, and looks at the outputs at the end.
    """
    program = asyncio.current_task()
    assert program is not None

    def look(output: asyncio.Task) -> None:
        if not output.cancelled() and (failure := output.exception()) and not failures:
            failures.append(failure)
            program.cancel()

    for output in outputs:
        output.add_done_callback(look)


def user_traceback(program: str) -> str:
    """The traceback from the program's own first line on."""
    target = Path(program).resolve()
    main_file = target / "__main__.py" if target.is_dir() else target
    found = sys.exc_info()[2]
    frames = traceback.extract_tb(found)
    for index, frame in enumerate(frames):
        if Path(frame.filename).resolve() == main_file:
            return traceback.format_exc(limit=index - len(frames))
    if isinstance(sys.exc_info()[1], SyntaxError):  # it has the place in it
        return traceback.format_exc(limit=0)
    return traceback.format_exc()


if __name__ == "__main__":
    if sys.argv[1] == "--lifeline" and len(sys.argv) == 3:
        orders(int(sys.argv[2]))
    sys.exit(main(parse()))

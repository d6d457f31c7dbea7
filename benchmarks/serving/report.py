"""The benchmark's numbers as text: pure, data in and Markdown out."""

from collections.abc import Mapping
from typing import Any

from benchmarks import record
from benchmarks.record import Target

ONE, MANY, BATCH = "1 x 1", "1 x 16", "100 x 16"


def render(result: Mapping[str, Any]) -> str:
    """RESULTS.md."""
    parts = [head(result), limits(result["limits"]), table(result), targets(result), how(result)]
    return "\n\n".join(parts) + "\n"


def head(result: Mapping[str, Any]) -> str:
    return record.head("Serving: side by side", "serving", result, f" Package: flights `{result['package'][:12]}`.")


def limits(found: Mapping[str, Mapping[str, float]]) -> str:
    lines = ["In process, no server, one core (calls a second):", ""]
    names = (
        "ONNX Runtime alone, tensors ready",
        "bytes to bytes, our reader and scorer",
        "bytes to bytes, json and NumPy",
    )
    lines += [f"| rows in a call | {' | '.join(names)} |", "|--:|--:|--:|--:|"]
    lines += [
        f"| {rows} | {one['tensors']:,.0f} | {one['own']:,.0f} | {one['json']:,.0f} |" for rows, one in found.items()
    ]
    return "\n".join(lines)


def table(result: Mapping[str, Any]) -> str:
    lines = [
        "Served; rows in a request x connections. Start: process start to first answer. CPU: the server's, a request.",
        "",
        "| server | version | start, ms | CPU, ms | resident, MB | 1 x 1, req/s | 1 x 16, req/s | p50, ms | p99, ms"
        " | CPU, us | 100 x 16, req/s | CPU, us |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    return "\n".join(lines + [line(one) for one in result["contenders"]])


def line(one: Mapping[str, Any]) -> str:
    if "failed" in one:
        return f"| {one['name']} | did not run: {one['failed'].splitlines()[-1][:80]} |" + " |" * 10
    single, many, batch = (one["loads"][name] for name in (ONE, MANY, BATCH))
    cells = [
        one["name"],
        one["version"],
        f"{one['start_ms']:,}",
        f"{one['start_cpu_ms']:,}",
        f"{one['rss_mb']:.0f}",
        f"{single['rps']:,.0f}",
        f"{many['rps']:,.0f}",
        f"{many['p50']:.2f}",
        f"{many['p99']:.2f}",
        f"{many['cpu_us']:,.0f}",
        f"{batch['rps']:,.0f}",
        f"{batch['cpu_us']:,.0f}",
    ]
    return f"| {' | '.join(cells)} |"


def targets(result: Mapping[str, Any]) -> str:
    """Each target, what was reached, and whether that is enough."""
    by_name = {one["name"]: one for one in result["contenders"] if "failed" not in one}
    ours = by_name.get("trifold")
    if ours is None:
        return "No targets: trifold was not measured."
    many, batch = ours["loads"][MANY], ours["loads"][BATCH]
    checks: list[Target] = []

    def at_least(text: str, value: float, bound: float) -> None:
        checks.append(Target(text, bound, value))

    def at_most(text: str, value: float, bound: float) -> None:
        checks.append(Target(text, bound, value, most=True))

    for name, times in (("FastAPI", 3.0), ("MLflow", 10.0)):
        if name in by_name:
            at_least(f"times {name} at 16 connections", many["rps"] / by_name[name]["loads"][MANY]["rps"], times)
    limit = result["limits"]["100"]
    at_least("of ONNX Runtime alone (tensors ready) at batches of 100", batch["rps"] / limit["tensors"], 0.65)
    at_least("of bytes to bytes in process at batches of 100", batch["rps"] / limit["own"], 0.65)
    if "bare uvicorn + ORT" in by_name:
        at_most("times the bare app's start", ours["start_ms"] / by_name["bare uvicorn + ORT"]["start_ms"], 1.2)
    if "FastAPI" in by_name:
        at_least("times faster to start than FastAPI", by_name["FastAPI"]["start_ms"] / ours["start_ms"], 3.0)
    if (documented := "FastAPI, `fastapi run`") in by_name:
        at_least(f"times faster to start than {documented}", by_name[documented]["start_ms"] / ours["start_ms"], 3.0)
    at_most("MB resident", ours["rss_mb"], 100.0)
    at_most("ms p99 at 16 connections", many["p99"], 3.0)
    return record.table(checks)


HOW = """\
How: one worker and one ONNX Runtime thread each, pinned to core 0; the client (raw sockets, keep-alive) pinned to
core 1; the best of three rounds of {seconds:g} s after warming up; access logs off, but for `fastapi run`. The same
rows in JSON; MLflow takes them as `dataframe_records`. Resident memory is summed over a server's processes after the
load. The peers run what their own documentation shows (apps/), each in an environment of its own locked in
requirements/; trifold and the bare app run in what the image installs. Start is the best of five, after one that warms
the disk cache; beside it the processor's time for the same. trifold checks every value against the signature; of the
others FastAPI and MLflow check types, the rest nothing."""


def how(result: Mapping[str, Any]) -> str:
    return HOW.format(seconds=result["seconds"])

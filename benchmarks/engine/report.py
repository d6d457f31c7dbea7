"""The benchmark's numbers as text: pure, data in and Markdown out."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks import record
from benchmarks.record import Target

PROGRAM = ("preview", "up", "no-change up")
OPERATIONS = ("preview", "up", "no-change up", "refresh", "destroy")
Row = Mapping[str, Any]
TITLES = {"wide": "Wide: no resource needs another", "chain": "A chain: each needs the one before"}


def render(result: Mapping[str, Any]) -> str:
    """RESULTS.md."""
    rows = result["rows"]
    shapes = list(dict.fromkeys(one["shape"] for one in rows))
    parts = [record.head("The engine: side by side", "engine", result), HOW]
    parts += [section(shape, [one for one in rows if one["shape"] == shape]) for shape in shapes]
    parts += [growth(rows), record.table(targets(rows))]
    return "\n\n".join(parts) + "\n"


def section(shape: str, rows: Sequence[Row]) -> str:
    """One shape's table."""
    names = " | ".join(OPERATIONS)
    lines = [f"## {TITLES.get(shape, 'Components of ten resources')}", ""]
    lines += [f"| resources | | {names} | PSS, MB | RSS, MB |", f"|--:|---|{'--:|' * (len(OPERATIONS) + 2)}"]
    for size in dict.fromkeys(one["size"] for one in rows):
        these = {one["name"]: one for one in rows if one["size"] == size}
        lines += [line(one) for name, one in these.items() if name != "floor"]
        lines.append(floor(these["floor"]))
        if "pulumi" not in these:
            lines.append(_cells(size, "pulumi", ["not run at this size", *[""] * 6]))
        elif "uses" in these["pulumi"] and "uses" in these["trifold"]:
            lines.append(ratios(size, these["pulumi"]["uses"], these["trifold"]["uses"]))
    return "\n".join(lines)


def floor(one: Row) -> str:
    found = _seconds(one["uses"]["program"]) if "uses" in one else _reason(one)
    return _cells(one["size"], "*the SDK's own time*", [found, *[""] * 6])


def _reason(one: Row) -> str:
    lines = one["failed"].strip().splitlines()
    return f"did not end: {next((line for line in reversed(lines) if 'Error' in line), lines[-1]).strip()[:80]}"


def line(one: Row) -> str:
    if "failed" in one:
        return _cells(one["size"], one["name"], [_reason(one), *[""] * 6])
    uses = one["uses"]
    peaks = [f"{max(use[kind] for use in uses.values()):.0f}" for kind in ("pss", "rss")]
    return _cells(one["size"], one["name"], [*[_seconds(uses[name]) for name in OPERATIONS], *peaks])


def ratios(size: int, theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> str:
    found = [f"{theirs[name]['wall'] / ours[name]['wall']:.1f}x" for name in OPERATIONS]
    peaks = [max(use[kind] for use in theirs.values()) / max(use[kind] for use in ours.values()) for kind in _MEMORY]
    return _cells(size, "pulumi / trifold", [*found, *[f"{one:.1f}x" for one in peaks]])


_MEMORY = ("pss", "rss")


def _seconds(use: Mapping[str, float]) -> str:
    return f"{use['wall']:.2f} ({use['cpu']:.2f})"


def _cells(size: int, name: str, cells: Sequence[str]) -> str:
    return f"| {size:,} | {name} | {' | '.join(cells)} |"


def per_resource(rows: Sequence[Row], shape: str, operation: str, beyond: bool = False) -> dict[int, float]:
    """Processor milliseconds that trifold takes for each resource beyond the seven of the smallest stack, by size.
    beyond: what it takes more than the SDK alone, where the operation runs the program."""
    found = {
        one["size"]: one["uses"][operation]["cpu"]
        for one in rows
        if one["name"] == "trifold" and one["shape"] == shape and "uses" in one
    }
    if beyond:
        alone = {
            one["size"]: one["uses"]["program"]["cpu"]
            for one in rows
            if one["name"] == "floor" and one["shape"] == shape and "uses" in one
        }
        found = {size: seconds - alone[size] for size, seconds in found.items() if size in alone}
    if not found:
        return {}
    least = min(found)
    return {size: (seconds - found[least]) / (size - least) * 1000 for size, seconds in found.items() if size > least}


def growths(rows: Sequence[Row], shape: str) -> dict[str, dict[int, float]]:
    """All operations' `per_resource`, and of those that run the program also without the SDK's own."""
    found = {operation: per_resource(rows, shape, operation) for operation in OPERATIONS}
    without = {f"{one}, beyond the SDK's own": per_resource(rows, shape, one, beyond=True) for one in PROGRAM}
    return {**found, **without}


def growth(rows: Sequence[Row]) -> str:
    """How trifold's time grows: what each resource takes, beyond what the smallest stack takes."""
    sizes = sorted({one["size"] for one in rows})[1:]
    lines = ["## Growth: trifold's processor time for each resource, ms", ""]
    lines += [f"| shape | | {' | '.join(f'{size:,}' for size in sizes)} |", f"|---|---|{'--:|' * len(sizes)}"]
    for shape in dict.fromkeys(one["shape"] for one in rows):
        for operation, found in growths(rows, shape).items():
            cells = " | ".join(f"{found[size]:.2f}" if size in found else "" for size in sizes)
            lines.append(f"| {shape} | {operation} | {cells} |")
    return "\n".join(lines)


def targets(rows: Sequence[Row]) -> list[Target]:
    """What the engine has to reach, of what was measured."""
    ours = {(one["shape"], one["size"]): one["uses"] for one in rows if one["name"] == "trifold" and "uses" in one}
    made = []
    for (shape, size), uses in ours.items():
        if size == 7:
            made.append(Target(f"s preview of 7 ({shape})", 1.2, uses["preview"]["wall"], most=True))
        if size == 1000:
            made.append(Target(f"s up of 1,000 ({shape})", 10, uses["up"]["wall"], most=True))
            made.append(Target(f"s destroy of 1,000 ({shape})", 5, uses["destroy"]["wall"], most=True))
            peak = max(use["pss"] for use in uses.values())
            made.append(Target(f"MB of all processes at 1,000 ({shape}, PSS)", 200, peak, most=True))
    for shape in dict.fromkeys(shape for shape, _ in ours):
        made += linear(rows, shape)
    return made


def linear(rows: Sequence[Row], shape: str) -> Iterator[Target]:
    """Whether a resource takes at 5,000 what it takes below."""
    for operation, found in growths(rows, shape).items():
        if 5000 in found and len(found) > 1:
            before = max(value for size, value in found.items() if size < 5000)
            text = f"times the time a resource takes at 5,000 ({shape}, {operation})"
            yield Target(text, 1.3, found[5000] / before, most=True)


HOW = """\
Seconds by the clock, in brackets of the processors, of the whole command as a user types it: engine, program and
provider together. `up`, `refresh` and `destroy` with --skip-preview. The same program (program/), the same attached
provider, which does nothing (provider.py), `file://` state, default --parallel. Memory is the peak of all processes
(engine, program, provider, and what they start), sampled 20 times a second: PSS counts what processes share once, RSS
in each. 7 resources are the best of three rounds, 100 of two. "The SDK's own time" is the program alone, with a monitor
that answers everything at once (floor.py): no engine's preview or up can be faster. `pulumi` is measured up to 1,000
resources wide, and 100 in the other shapes: its time grows with the square. So does the SDK's own: while answers come
in, it waits for all outputs that are left, one at a time (asyncio.wait in pulumi/runtime/stack.py), so what runs the
program is also shown without it. A chain ends at 900: before each registration the SDK walks all that came before, and
at 985 is deeper than Python goes (RecursionError in pulumi/runtime/resource_cycle_breaker.py), with any engine. An
operation has three minutes."""

"""The list of rules in docs/policy.md, made of the rules themselves."""

from collections.abc import Iterable, Iterator

from trifold.policy.rule import Rule

BEGIN = "<!-- rules: made by `trifold policy --rules --markdown`; do not edit -->"
END = "<!-- end of rules -->"
CLOUDS = {"aws": "AWS", "azure-native": "Azure", "gcp": "Google Cloud"}


def block(rules: Iterable[Rule]) -> str:
    """The part of the page between its two marks."""
    return "\n".join([BEGIN, "", *_lines(list(rules)), "", END])


def _lines(rules: list[Rule]) -> Iterator[str]:
    yield "| rule | severity | what it holds | clouds |"
    yield "| --- | --- | --- | --- |"
    for one in rules:
        yield f"| [`{one.id}`](#{one.id}) | {one.severity} | {one.title} | {_clouds(one)} |"
    for one in rules:
        yield from _section(one)


def _section(rule: Rule) -> Iterator[str]:
    yield f"\n### {rule.id}\n"
    yield f"**{rule.title}** ({rule.severity}). {rule.reason}\n"
    yield f"Fix: {rule.fix}.\n"
    others = "; and any other type that has them" if rule.everywhere else ""
    yield f"Reads: {', '.join(f'`{one}`' for one in _reads(rule))}{others}.\n"
    yield "See: " + ", ".join(f"<{one}>" for one in rule.pages) + "."
    if rule.also:
        yield f"\nElsewhere: {', '.join(rule.also)}."


def _reads(rule: Rule) -> Iterator[str]:
    """Type and properties in short; a rule that reads the same property of many types names it once."""
    by_paths: dict[tuple[str, ...], list[str]] = {}
    for type, paths in rule.reads.items():
        by_paths.setdefault(paths, []).append(_short(type))
    for paths, types in by_paths.items():
        yield f"{' '.join(types)}: {' '.join(paths)}"


def _short(type: str) -> str:
    """aws:s3/bucket:Bucket as aws.s3.Bucket, as a program spells it."""
    package, module, name = type.split(":")
    return f"{package}.{module.partition('/')[0]}.{name}"


def _clouds(rule: Rule) -> str:
    return ", ".join(CLOUDS[one] for one in rule.clouds)

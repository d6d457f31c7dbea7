"""The property names that rules read are those of the Pulumi SDKs' own classes."""

import functools
import importlib
import typing
from collections.abc import Iterator
from typing import Any

import pytest
from pulumi import _types

from tests.conformance import invention
from tests.policy.cases import CASES, SETTINGS
from trifold.policy.resource import STEP, Preview, Resource
from trifold.policy.rule import Context
from trifold.policy.rules import all_rules
from trifold.policy.rules.tags import PLACES
from trifold.protocol import shapes
from trifold.protocol.shapes import LOADING

# Where a property is the raw API's bag, the SDK has no class to look at.
BAGS = ("tags", "labels", "collections")
READ = sorted({(type, path) for rule in all_rules() for type, paths in rule.reads.items() for path in paths})
TYPES = sorted({type for type, _ in READ} | {type for case in CASES for type, _ in (*case.bad, *case.good)})
# One property of three: a resource says where it is in one of them, by its type.
PLACEMENT = ("region", "location", "zone")


@functools.cache
def arguments(token: str) -> type:
    """The SDK's argument class of a type; a module that is a Python word has an underscore there."""
    package, module, name = token.split(":")
    if module.startswith("lambda/"):
        with LOADING:
            return getattr(importlib.import_module(f"pulumi_{package}.lambda_"), f"{name}Args")
    return shapes.load(invention.arguments(token))


def classes(hint: Any) -> Iterator[type]:
    """The nested argument classes in a type hint, through lists and unions."""
    for one in shapes.alternatives(hint):
        if shapes.is_object(one):
            yield one
        for inner in typing.get_args(one):
            yield from classes(inner)


def has(candidates: list[type], names: list[str]) -> bool:
    """Whether a chain of properties is there, from one of these classes on."""
    name, *rest = names
    found = [one for one in candidates if name in own(one)]
    # Type hints are evaluated only where something is inside: of a large class that takes seconds.
    return bool(found) and (
        not rest or has([cls for one in found for cls in classes(shapes.shape(one).inputs[name])], rest)
    )


def own(cls: type) -> set[str]:
    """The names of a class's properties, as events spell them."""
    with LOADING:
        return set(_types.input_type_py_to_pulumi_names(cls).values())


def names(path: str) -> list[str]:
    return [name for name, _ in STEP.findall(path) if name]


@pytest.mark.parametrize("type", TYPES)
def test_each_property_is_one_of_the_types_own(type):
    wrong = [
        path for one, path in READ if one == type and path not in PLACEMENT and not has([arguments(type)], names(path))
    ]
    assert not wrong


@pytest.mark.parametrize("type", sorted({type for type, path in READ if path in PLACEMENT}))
def test_a_type_with_a_place_has_one_of_the_properties_that_say_it(type):
    # A key of Google's is where its ring is, which is another resource.
    assert type == "gcp:kms/cryptoKey:CryptoKey" or own(arguments(type)) & set(PLACEMENT)


def test_the_twins_say_nothing_that_their_types_do_not_have():
    wrong = []
    for case in CASES:
        for type, inputs in (*case.bad, *case.good):
            wrong += [(case.rule, type, path) for path in leaves(inputs) if not has([arguments(type)], names(path))]
    assert not wrong


def leaves(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, dict) and value and path.rpartition(".")[2] not in BAGS:
        for key, item in value.items():
            yield from leaves(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for item in value:
            yield from leaves(item, path)
    elif path:
        yield path


class Spied(Resource):
    """Keeps which properties were asked for."""

    asked: set[tuple[str, str]]

    def each(self, path: str) -> Iterator[tuple[str, Any]]:
        self.asked.add((self.type, path))
        yield from super().each(path)


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_a_rule_reads_only_what_it_declares(rule):
    asked: set[tuple[str, str]] = set()
    for case in CASES:
        for side in (case.bad, case.good):
            resources = [Spied(f"urn:pulumi:s::p::{type}::n", type, "n", inputs) for type, inputs in side]
            for one in resources:
                object.__setattr__(one, "asked", asked)
            context = Context(Preview(tuple(resources)), SETTINGS)
            for one in resources:
                if one.type in rule.reads:
                    list(rule(one, context))
    declared = {(type, plain(path)) for type, paths in rule.reads.items() for path in paths}
    assert {(type, plain(path)) for type, path in asked if type in rule.reads} <= declared


def plain(path: str) -> str:
    return ".".join(names(path))


def test_every_tagged_type_of_the_kit_is_in_the_table(kit_events):
    """What infra/ makes and can carry tags is looked at, whether or not it carries some."""
    made = {
        event["resourcePreEvent"]["metadata"]["type"]
        for cloud in ("aws", "azure", "gcp")
        for event in kit_events(cloud)
        if "resourcePreEvent" in event
    }
    custom = {type for type in made if type.partition(":")[0] in ("aws", "azure-native", "gcp")}
    custom -= {"aws:s3/bucketObjectv2:BucketObjectv2", "aws:appautoscaling/target:Target"}
    able = {type for type in custom if {"tags", "labels"} & own(arguments(type))}
    assert able and able <= set(PLACES)

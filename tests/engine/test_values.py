"""Property values survive the wire and the state file, whatever they are."""

import json
import string

from hypothesis import given
from hypothesis import strategies as st

from trifold.engine.properties import annotate_secrets, diff, downgrade, equal, upgrade
from trifold.engine.state import value_from_json, value_to_json
from trifold.engine.wire import Form, received, restore_assets
from trifold.protocol.values import (
    UNKNOWN,
    Archive,
    Asset,
    OutputValue,
    Reference,
    Secret,
    decode,
    encode,
    from_wire,
    to_wire,
)

KEYS = st.text(string.ascii_letters + string.digits + "_-. $:", max_size=8)
HASHES = st.text("0123456789abcdef", min_size=4, max_size=4)
URNS = st.builds("urn:pulumi:dev::proj::a:b:C::{}".format, st.text(string.ascii_letters + ":", min_size=1, max_size=5))
ASSETS = st.builds(Asset, st.sampled_from(["text", "path", "uri"]), st.text(min_size=1, max_size=9), HASHES)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: not x.is_integer() or abs(x) > 2**53),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
LEAVES = st.one_of(
    SCALARS,
    ASSETS,
    st.builds(
        lambda content, digest: Archive("assets", content, digest), st.dictionaries(KEYS, ASSETS, max_size=2), HASHES
    ),
    st.builds(Archive, st.sampled_from(["path", "uri"]), st.text(min_size=1, max_size=9), HASHES),
    st.builds(Reference, URNS, st.one_of(st.none(), st.just(UNKNOWN), st.text(string.ascii_letters, min_size=1))),
)


def values(special: st.SearchStrategy) -> st.SearchStrategy:
    return st.recursive(
        st.one_of(LEAVES, special),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3), st.builds(Secret, inner)
        ),
        max_leaves=12,
    )


PLAIN = values(st.just(UNKNOWN))
WITH_OUTPUTS = values(st.builds(OutputValue, SCALARS, st.booleans(), st.just(("urn:a",))))
MAPS = st.dictionaries(KEYS, PLAIN, max_size=4)


@given(st.dictionaries(KEYS, WITH_OUTPUTS, max_size=4))
def test_the_wire_keeps_everything(found: dict) -> None:
    assert equal(decode(encode(found)), found)
    assert equal(from_wire(to_wire(found)), found)


@given(MAPS)
def test_a_state_file_keeps_everything(found: dict) -> None:
    sealed: list = []

    def encrypt(value: object) -> str:
        sealed.append(value)
        return str(len(sealed) - 1)

    stored = value_to_json(found, encrypt)
    assert equal(value_from_json(stored, lambda text: sealed[int(text)]), found)


@given(MAPS)
def test_a_provider_without_secrets_gets_none(found: dict) -> None:
    sent = decode(Form(unknowns=True, secrets=False)(found))
    assert "Secret" not in repr(type(sent)) and not _any(sent, Secret)


@given(MAPS)
def test_outside_previews_nothing_unknown_is_sent(found: dict) -> None:
    assert not _any(received(Form()(found), unknowns=False), type(UNKNOWN))


@given(MAPS, MAPS)
def test_a_difference_is_empty_only_between_equals(one: dict, other: dict) -> None:
    assert bool(diff(one, other)) != equal(one, other)


@given(ASSETS, st.dictionaries(KEYS, SCALARS, max_size=3))
def test_an_asset_that_comes_back_as_a_hash_gets_its_content_again(asset: Asset, rest: dict) -> None:
    original = {**rest, "source": asset}
    echoed = decode(Form(asset_contents=False)(original))
    assert echoed["source"].content == ""
    assert restore_assets(original, echoed)["source"] == asset


def test_numbers_that_json_has_not_are_kept() -> None:
    stored = value_to_json({"a": float("inf"), "b": [float("-inf")]}, str)
    assert json.loads(json.dumps(stored, allow_nan=False)) == stored
    assert value_from_json(stored, str) == {"a": float("inf"), "b": [float("-inf")]}


def test_truth_is_not_a_number() -> None:
    assert not equal({"a": True}, {"a": 1})
    assert equal({"a": 1}, {"a": 1.0})


def test_an_output_value_becomes_what_it_is() -> None:
    assert downgrade([OutputValue(1), OutputValue(UNKNOWN, True), OutputValue("x", True)]) == [
        1,
        Secret(UNKNOWN),
        Secret("x"),
    ]


def test_secrets_are_marked_where_the_inputs_had_them() -> None:
    outs = {"a": "x", "b": {"c": 1}, "d": 1}
    annotate_secrets(outs, {"a": Secret("x"), "b": {"c": Secret(1)}, "e": Secret(2)})
    assert outs == {"a": Secret("x"), "b": {"c": Secret(1)}, "d": 1}


def _any(value: object, kind: type) -> bool:
    if isinstance(value, kind):
        return True
    if isinstance(value, Secret):
        return _any(value.value, kind)
    if isinstance(value, Reference):
        return False
    if isinstance(value, dict):
        return any(_any(item, kind) for item in value.values())
    return isinstance(value, list) and any(_any(item, kind) for item in value)


@given(MAPS)
def test_transforms_see_no_secret_and_no_unknown_but_output_values(found: dict) -> None:
    """They carry all of it: what was told in secret or not at all is the same afterwards."""
    seen = upgrade(found)
    assert _kinds(seen) <= {OutputValue, "plain"}
    assert downgrade(decode(encode(seen))) == found


def _kinds(value: object) -> set:
    """What in the value is special: Secret, OutputValue, or "unknown" outside of one."""
    if isinstance(value, OutputValue):
        return {OutputValue} | (_kinds(value.value) if value.value is not UNKNOWN else set())
    if isinstance(value, Secret):
        return {Secret}
    if isinstance(value, dict):
        return set().union(*map(_kinds, value.values()))
    if isinstance(value, list):
        return set().union(*map(_kinds, value))
    return {"unknown"} if value is UNKNOWN else {"plain"}

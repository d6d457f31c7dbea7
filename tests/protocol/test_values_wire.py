"""Property values survive the wire, whatever is nested in what."""

from hypothesis import given
from hypothesis import strategies as st

from trifold.protocol.values import (
    SIGNATURE,
    UNKNOWN,
    UNKNOWN_TEXTS,
    Archive,
    Asset,
    OutputValue,
    Reference,
    Secret,
    decode,
    encode,
    from_wire,
    has_secret,
    has_unknown,
    reveal,
    to_wire,
)

keys = st.text(max_size=8).filter(lambda key: key != SIGNATURE)
texts = st.text(max_size=20).filter(lambda text: text not in UNKNOWN_TEXTS)
scalars = st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False), texts)
special = st.one_of(
    st.just(UNKNOWN),
    st.builds(Asset, st.sampled_from(["text", "path", "uri"]), texts.filter(bool), texts),
    st.builds(Archive, st.sampled_from(["path", "uri"]), texts.filter(bool), texts),
    st.builds(Reference, texts, st.one_of(st.none(), st.just(UNKNOWN), texts.filter(bool)), texts),
)
plain = st.recursive(
    scalars | special,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3) | st.builds(Secret, inner),
    max_leaves=8,
)


@given(st.dictionaries(keys, plain, max_size=4))
def test_what_is_encoded_decodes_to_itself(values):
    assert decode(encode(values)) == values
    assert from_wire(to_wire(values)) == values


@given(plain)
def test_revealing_leaves_no_secret(value):
    assert not has_secret(reveal(value))
    assert has_unknown(reveal(value)) == has_unknown(value)


def test_every_sdks_unknown_is_unknown():
    assert all(decode(encode({"a": text}))["a"] is UNKNOWN for text in UNKNOWN_TEXTS)


def test_an_output_value_keeps_what_is_known_of_it():
    for value in (OutputValue(), OutputValue(1, True, ("urn:a",)), OutputValue(UNKNOWN, True)):
        assert decode(encode({"a": value}))["a"] == value


def test_nothing_shows_a_secret_by_accident():
    assert "sesame" not in repr({"a": Secret("sesame")})

"""What a resource needs among the generations of a URN."""

from trifold.engine.graph import Graph
from trifold.engine.state import Resource

PROVIDER = "urn:pulumi:dev::proj::pulumi:providers:ref::p"


def provider(ident: str, delete: bool = False) -> Resource:
    return Resource(urn=PROVIDER, type="pulumi:providers:ref", custom=True, id=ident, delete=delete)


def thing(reference: str) -> Resource:
    urn = "urn:pulumi:dev::proj::ref:index:Thing::a"
    return Resource(urn=urn, type="ref:index:Thing", custom=True, id="a-1", provider=f"{PROVIDER}::{reference}")


def test_what_was_not_come_to_keeps_the_provider_that_it_was_made_with() -> None:
    """A run replaced the provider and failed before it came to the thing, which then is not to be deleted."""
    new, old, older = provider("new"), provider("old", delete=True), provider("older", delete=True)
    kept = thing("old")
    assert Graph([new, older, old, kept]).transitive_dependencies_of(kept) == {new, old}


def test_a_provider_that_nothing_was_made_with_is_not_kept() -> None:
    new, old = provider("new"), provider("old", delete=True)
    kept = thing("new")
    assert Graph([new, old, kept]).transitive_dependencies_of(kept) == {new}

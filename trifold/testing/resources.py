"""In-process providers as small classes: what a test writes to stand for a cloud.

    class Bucket(Resource):
        type = "toy:index:Bucket"
        replaces = {"name"}                     # a change of it replaces the bucket
        computed = {"arn"}                      # only the cloud tells; unknown in a preview

        def create(self, inputs):
            return inputs["name"], {**inputs, "arn": f"arn:toy:{inputs['name']}"}

    Provider(Bucket, invokes={"toy:index:lookup": lambda args, cloud: {"size": 3}})

Every method has a default that keeps objects in memory, so that a class with a type alone is enough. Keys are Pulumi's
camelCase names, values plain Python; secrets are unwrapped before, and put back after. A method that raises fails the
operation with that text.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, ClassVar, Final

from trifold.protocol.declaration import Failure, InvalidInputs
from trifold.protocol.diff import Difference, Rules, compare
from trifold.protocol.values import UNKNOWN
from trifold.testing.cloud import Cloud, Values

Invoke = Callable[[Values, Cloud], Values]
ANY: Final = "any"


class Resource:
    """One resource type; an instance serves one call. `read` and `delete` need not be written for what `create` made.

    replaces: inputs whose change replaces; computed: outputs that only the cloud tells; secrets: outputs that are
    always secret; required: inputs that must be there; defaults: values for inputs that are left out; delete_first:
    a replacement deletes before it creates.
    """

    type: ClassVar[str] = ""
    replaces: ClassVar[Collection[str]] = ()
    computed: ClassVar[Collection[str]] = ()
    secrets: ClassVar[Collection[str]] = ()
    required: ClassVar[Collection[str]] = ()
    defaults: ClassVar[Mapping[str, Any]] = {}
    delete_first: ClassVar[bool] = False

    def __init__(self, type: str, name: str, urn: str, cloud: Cloud, config: Values) -> None:
        """name, urn: the resource's; cloud: what was made so far; config: the provider's own inputs."""
        self.token, self.name, self.urn, self.cloud, self.config = type, name, urn, cloud, config

    def check(self, inputs: Values) -> Values:
        """The inputs with defaults; raise InvalidInputs for what is wrong with them."""
        missing = [Failure(name, "is required and missing") for name in sorted(self.required) if name not in inputs]
        if missing:
            raise InvalidInputs(*missing)
        return {**self.defaults, **inputs}

    def diff(self, old: Values, new: Values) -> Difference:
        """What differs between two sets of inputs, and which of it replaces."""
        return compare(old, new, Rules(tuple(self.replaces)))

    def preview(self, inputs: Values) -> Values:
        """The outputs of a create that has not happened."""
        return {**inputs, **dict.fromkeys(self.computed, UNKNOWN)}

    def create(self, inputs: Values) -> tuple[str, Values]:
        """Make it; (id, outputs)."""
        ident = self.new_id()
        return ident, {**inputs, **{name: f"{name}-of-{ident}" for name in self.computed}}

    def new_id(self) -> str:
        """An id that was not given before: the resource's name and a number."""
        return self.cloud.new_id(self.token, self.name)

    def read(self, id: str, inputs: Values) -> tuple[Values, Values] | None:
        """(inputs, outputs) as they are now; None if it is gone."""
        found = self.cloud[self.token].get(id)
        return (dict(found.inputs), dict(found.outputs)) if found else None

    def find(self, inputs: Values) -> str | None:
        """The id of what a create with these inputs made whose answer was lost; None if there is none."""
        found = self.cloud.made_by(self.token, self.urn, inputs)
        return found.id if found else None

    def update(self, id: str, old: Values, inputs: Values) -> Values:
        """Change it in place; the outputs. old: the last known ones."""
        return {**{name: old[name] for name in self.computed if name in old}, **inputs}

    def delete(self, id: str, outputs: Values) -> None:
        """Take it away; what is gone already is no error."""


class Provider:
    """A package's provider. invokes: token -> function of (arguments, cloud), which gives the result.

    others: the class that serves every type not named; with it, functions not named are taken too, and give their
    arguments back. version: what it calls itself.
    """

    def __init__(
        self,
        *resources: type[Resource],
        invokes: Mapping[str, Invoke] | None = None,
        others: type[Resource] | None = None,
        version: str = "1.0.0",
    ) -> None:
        nameless = [one.__name__ for one in resources if not one.type]
        if nameless:
            raise ValueError(f"{', '.join(nameless)} has no type: write type = 'package:module:Name'")
        self.resources = {one.type: one for one in resources}
        self.invokes = dict(invokes or {})
        self.others, self.version = others, version

    def __repr__(self) -> str:
        return f"Provider({', '.join([*self.resources, *(['others'] if self.others else [])])})"

    def resource(self, token: str) -> type[Resource]:
        """The class of a type; InvalidInputs if it has none."""
        found = self.resources.get(token, self.others)
        if found is not None:
            return found
        known = ", ".join(sorted(self.resources)) or "nothing"
        raise InvalidInputs(Failure("type", f"{token} is not served by this test's provider, which has {known}"))

    def invoke(self, token: str, args: Values, cloud: Cloud) -> Values:
        """A function's result; InvalidInputs if there is no such function."""
        if token in self.invokes:
            return self.invokes[token](args, cloud)
        if self.others is not None:
            return dict(args)
        raise InvalidInputs(Failure("token", f"{token} is not served by this test's provider"))


Providers = Mapping[str, Provider | str] | str


def understood(providers: Providers) -> Providers:
    """The providers as given; ValueError for one that is neither a Provider nor "any"."""
    given = [providers] if isinstance(providers, str) else providers.values()
    for one in given:
        if one != ANY and not isinstance(one, Provider):
            raise ValueError(f"a provider is a Provider or {ANY!r}, not {one!r}")
    return providers


def provider_for(providers: Providers, package: str) -> Provider | None:
    """The provider of a package as a test named it; None if it named none."""
    given = providers if isinstance(providers, str) else providers.get(package)
    return Provider(others=Resource) if isinstance(given, str) else given

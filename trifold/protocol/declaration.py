"""What a provider declares: one record a resource type, one a function, and the errors its operations may raise.

The shape of a type's operations, in full (the kit's own plugin and every local provider have this one shape):

    class Buckets:
        def create(self, session, inputs):            # inputs: plain values, defaults and names filled in
            client = session.client("s3")
            client.create_bucket(Bucket=inputs["bucket"])
            return inputs["bucket"], {**inputs, "arn": f"arn:aws:s3:::{inputs['bucket']}"}      # (id, outputs)

        def read(self, session, id, inputs):          # inputs: the last known ones; {} on an import
            found = look_up(session, id)              # None: it is gone (only the vendor's "not found" says so)
            return found and (id, found.as_inputs(), found.as_outputs())

        def update(self, session, id, old, inputs):   # old: the last known outputs, and inputs where no output is
            ...
            return outputs

        def delete(self, session, id, outputs):       # deleting what is gone already is a success
            ...

        def find(self, session, inputs):              # optional: the id a create with these inputs would have had,
            return inputs["bucket"]                   # for adopting it after a killed run; None if that cannot be told

    BUCKET = ResourceType("aws:s3/bucket:Bucket", "pulumi_aws.s3.bucket:BucketArgs", Buckets(),
                          autoname=Autoname("bucket", 63, lower=True))

Keys are Pulumi's camelCase names, values plain Python: numbers, text, lists, dicts, assets (trifold.protocol.values).
Secrets are unwrapped before and put back after, and nothing unknown ever reaches an operation: previews are answered
by the base. A type without `update` is replaced by its rules or refused; an operation that raises any exception fails
the step with that text, so raise the vendor's own error. `read` may hand back everything the cloud says: the base keeps
what the program had set, so that what the cloud filled in is not taken for drift.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

Values = dict[str, Any]

# Inputs the official providers and the engine add for themselves.
INTERNAL = ("__defaults", "__createBeforeDelete", "__internal")


class Operations(Protocol):
    """Create, read, update and delete of one resource type; see the module's docstring."""

    def create(self, session: Any, inputs: Values) -> tuple[str, Values]: ...

    def read(self, session: Any, id: str, inputs: Values) -> tuple[str, Values, Values] | None: ...

    def delete(self, session: Any, id: str, outputs: Values) -> None: ...


@dataclass(frozen=True)
class Autoname:
    """How a name is made when the program gives none, as the official providers do.

    property: the input that holds it; limit: longest name; lower: the cloud takes lower case only; alphabet: other
    characters are left out ("" keeps all); copy: the resource's name as it is (azure-native does so below a parent);
    unique_with: the other inputs that make the name unique (the bridge's UniqueNameFields).
    """

    property: str
    limit: int
    lower: bool = False
    alphabet: str = ""
    copy: bool = False
    unique_with: tuple[str, ...] = ()


@dataclass(frozen=True)
class ResourceType:
    """One resource type. `arguments` names the SDK's own argument class, "module:Class", imported at first use.

    defaults: values for inputs the program left out; a callable gets (session, inputs) and may return None for none.
    volatile: outputs an update may change, shown as unknown in its preview.
    secret: outputs that are always secret.
    replace: for types without a record in the facts (the kit's own): the inputs whose change replaces.
    delete_first: True or False overrides the order of a replacement that the provider's conventions would choose.
    """

    token: str
    arguments: str
    operations: Operations
    autoname: Autoname | None = None
    defaults: Mapping[str, Any] = field(default_factory=dict)
    volatile: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    replace: tuple[str, ...] | None = None
    delete_first: bool | None = None


@dataclass(frozen=True)
class Function:
    """A provider function ("invoke"): `call(session, args)` gives its result. Arguments not named here are refused."""

    token: str
    call: Callable[[Any, Values], Values]
    arguments: tuple[str, ...] = ()
    required: tuple[str, ...] = ()


@dataclass(frozen=True)
class Failure:
    """One input that is wrong: shown to the user as `property: reason`."""

    property: str
    reason: str


class InvalidInputs(Exception):
    """The inputs of a resource, a provider or a function are wrong; raised by an operation, it names them all."""

    def __init__(self, *failures: Failure) -> None:
        super().__init__("; ".join(f"{failure.property}: {failure.reason}" for failure in failures))
        self.failures = failures


class NotInitialized(Exception):
    """The resource exists but is not right (an endpoint that failed to start, for example): it is kept in state, with
    the reasons, and the step fails. The next `up` updates it."""

    def __init__(self, id: str, inputs: Values, outputs: Values, *reasons: str) -> None:
        super().__init__("; ".join(reasons))
        self.id, self.inputs, self.outputs, self.reasons = id, inputs, outputs, reasons

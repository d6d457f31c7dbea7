"""A small provider to test the wire with: shelves in a shop that is a dict, and the classes an SDK would have."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from trifold.protocol.declaration import Autoname, Failure, Function, InvalidInputs, NotInitialized, ResourceType
from trifold.protocol.declared import DeclaredProvider
from trifold.protocol.diff import Rules


@pulumi.input_type
class ShelfArgs:
    def __init__(
        self,
        *,
        size: pulumi.Input[int],
        name: pulumi.Input[str] | None = None,
        password: pulumi.Input[str] | None = None,
        boxes: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
    ):
        for key, value in (("size", size), ("name", name), ("password", password), ("boxes", boxes), ("tags", tags)):
            if value is not None:
                pulumi.set(self, key, value)

    @property
    @pulumi.getter
    def size(self) -> pulumi.Input[int]:
        return pulumi.get(self, "size")

    @property
    @pulumi.getter
    def name(self) -> pulumi.Input[str] | None:
        return pulumi.get(self, "name")

    @property
    @pulumi.getter
    def password(self) -> pulumi.Input[str] | None:
        return pulumi.get(self, "password")

    @property
    @pulumi.getter
    def boxes(self) -> pulumi.Input[Sequence[pulumi.Input[str]]] | None:
        return pulumi.get(self, "boxes")

    @property
    @pulumi.getter
    def tags(self) -> pulumi.Input[Mapping[str, pulumi.Input[str]]] | None:
        return pulumi.get(self, "tags")


class Shelf(pulumi.CustomResource):
    @property
    @pulumi.getter
    def serial(self) -> pulumi.Output[str]:
        return pulumi.get(self, "serial")

    @property
    @pulumi.getter
    def size(self) -> pulumi.Output[int]:
        return pulumi.get(self, "size")

    @property
    @pulumi.getter
    def password(self) -> pulumi.Output[str | None]:
        return pulumi.get(self, "password")


class Shelves:
    """The session is the shop: {"stock": {id: inputs}, "where": its city}."""

    def create(self, session: Any, inputs: dict) -> tuple[str, dict]:
        if inputs["size"] == 13:
            raise RuntimeError("the vendor refuses thirteen")
        id = f"{session['where']}/{inputs['name']}"
        session["stock"][id] = inputs
        if inputs["size"] == 99:
            raise NotInitialized(id, inputs, self._outputs(id, inputs), "it fell over")
        return id, self._outputs(id, inputs)

    def read(self, session: Any, id: str, inputs: dict) -> tuple[str, dict, dict] | None:
        found = session["stock"].get(id)
        return found and (id, {**found, "filledIn": 1}, self._outputs(id, found))

    def update(self, session: Any, id: str, old: dict, inputs: dict) -> dict:
        session["stock"][id] = inputs
        return self._outputs(id, inputs)

    def delete(self, session: Any, id: str, outputs: dict) -> None:
        session["stock"].pop(id, None)

    def find(self, session: Any, inputs: dict) -> str | None:
        return f"{session['where']}/{inputs['name']}"

    def _outputs(self, id: str, inputs: dict) -> dict:
        address = f"https://{id}?key={inputs.get('password')}"
        return {**inputs, "serial": f"S-{id}", "echo": [inputs.get("password")], "address": address}


def open_shop(configuration: dict) -> dict:
    if configuration.get("where") == "nowhere":
        raise InvalidInputs(Failure("where", "there is no such city"))
    return {"stock": {}, "where": configuration.get("where", "oslo")}


def rules(token: str) -> Rules | None:
    return Rules(replace=("size",), unsettled={"boxes": "the vendor does not say"})


SHELF = ResourceType(
    "shop:index:Shelf",
    "shop:ShelfArgs",
    Shelves(),
    autoname=Autoname("name", 20, lower=True),
    defaults={"boxes": ["empty"]},
    volatile=("serial",),
    secret=("address",),
)
GREET = Function("shop:index:greet", lambda session, args: {"text": f"hello {args['who']}"}, ("who",), ("who",))


def create() -> DeclaredProvider:
    return DeclaredProvider("shop", "1.0.0", (SHELF,), open_shop, (GREET,), rules=rules)

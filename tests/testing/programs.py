"""Programs that the tests of the fixture share: a toy cloud's resources as a program sees them."""

from typing import Any

import pulumi


class Bucket(pulumi.CustomResource):
    arn: pulumi.Output[str]

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None, **inputs: Any) -> None:
        super().__init__("toy:index:Bucket", name, {**inputs, "arn": None}, opts)


class Site(pulumi.ComponentResource):
    """Two buckets, the second one for the first one's logs."""

    def __init__(self, name: str, size: int = 1) -> None:
        super().__init__("kit:index:Site", name)
        inside = pulumi.ResourceOptions(parent=self)
        self.main = Bucket(name, inside, size=size)
        self.logs = Bucket(f"{name}-logs", inside, target=self.main.arn)
        self.register_outputs({"arn": self.main.arn})


def site() -> None:
    pulumi.export("arn", Site("web").main.arn)


def logged() -> None:
    """A bucket that needs another."""
    Bucket("web", target=Bucket("log").arn)


def buckets(*names: str, **inputs: Any) -> Any:
    """A program with these buckets, one after the other."""

    def program() -> None:
        before: list[pulumi.Resource] = []
        for name in names:
            before = [Bucket(name, pulumi.ResourceOptions(depends_on=before), **inputs)]

    return program

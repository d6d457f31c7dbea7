"""The program that is measured: BENCH_SIZE resources in the shape BENCH_SHAPE."""

import os

import pulumi


class Thing(pulumi.CustomResource):
    """A resource with a few inputs, as a small one has; `after` is another's output."""

    value: pulumi.Output[str]

    def __init__(self, name, after=None, opts=None):
        inputs = {"label": name, "size": 3, "tags": {"owner": "bench", "kind": "thing"}, "after": after, "value": None}
        super().__init__("bench:index:Thing", name, inputs, opts)


class Ten(pulumi.ComponentResource):
    """Ten resources, itself included: nine of them in it."""

    def __init__(self, name, count):
        super().__init__("bench:index:Ten", name, {})
        inside = pulumi.ResourceOptions(parent=self)
        self.things = [Thing(f"{name}-{number}", opts=inside) for number in range(count)]
        self.register_outputs({"last": self.things[-1].value if self.things else None})


def wide(size):
    for number in range(size):
        Thing(f"thing-{number}")


def chain(size):
    before = None
    for number in range(size):
        before = Thing(f"thing-{number}", before.value if before else None)


def components(size):
    for first in range(0, size, 10):
        Ten(f"ten-{first}", min(10, size - first) - 1)


SHAPES = {"wide": wide, "chain": chain, "components": components}
SHAPES[os.environ["BENCH_SHAPE"]](int(os.environ["BENCH_SIZE"]))

"""The program of random lives: it wishes what the file beside it says. Copied there by `modelling`, never imported."""

import json
import pathlib

import pulumi


class Thing(pulumi.CustomResource):
    arn: pulumi.Output[str]

    def __init__(self, name, props, opts):
        super().__init__("toy:index:Thing", name, {"arn": None, **props}, opts)


class Group(pulumi.ComponentResource):
    def __init__(self, name, props, opts):
        super().__init__("toy:index:Group", name, {}, opts)


class Own(pulumi.ProviderResource):
    def __init__(self):
        super().__init__("toy", "own", {"region": "here"})


made, wished = {}, json.loads((pathlib.Path(__file__).parent / "wished.json").read_text())
own = Own() if any(one["own_provider"] for one in wished) else None
for one in wished:
    opts = pulumi.ResourceOptions(
        parent=made[one["parent"]] if one["parent"] else None,
        depends_on=[made[name] for name in one["after"]],
        aliases=[pulumi.Alias(name=name) for name in one["names"]],
        protect=one["protect"] or None,
    )
    if not one["group"]:
        opts.retain_on_delete = one["retain"] or None
        opts.delete_before_replace = one["delete_first"] or None
        opts.provider = own if one["own_provider"] else None
    props = {"size": one["size"], "place": one["place"]}
    if one["secret"]:
        props["word"] = pulumi.Output.secret("hush")
    if one["uses"]:
        props["other"] = made[one["uses"]].arn
    made[one["name"]] = (Group if one["group"] else Thing)(one["name"], props, opts)
pulumi.export("count", len(made))

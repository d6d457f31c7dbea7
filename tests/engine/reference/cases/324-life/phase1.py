import json
import os

import pulumi
from pulumi import Alias, CustomTimeouts, InvokeOptions, InvokeOutputOptions, Output, ResourceOptions as O

from thing import Group, RefProvider, Thing, lookup, observe


def note(args: pulumi.ResourceHookArgs):
    given = [kind for kind in ("new_inputs", "old_inputs", "new_outputs", "old_outputs") if getattr(args, kind)]
    with open(os.environ["REF_OBSERVED"], "a") as out:
        out.write(json.dumps({"hook": "/".join(given), "name": args.name, "id": args.id}) + "\n")


hook = pulumi.ResourceHook("hook", note, pulumi.ResourceHookOptions(on_dry_run=False))


def tag(args: pulumi.ResourceTransformArgs):
    if args.type_ != "ref:index:Thing":
        return None
    args.opts.retain_on_delete = args.name == 'c'
    return pulumi.ResourceTransformResult({**args.props, "by": 1}, args.opts)


pulumi.runtime.register_resource_transform(tag)


config = pulumi.Config()
observe("config", config.get("size"))
observe("key", config.get_secret("key"))
p = RefProvider("p", region="one", note="n")
g = Group("g")
h = Group("h")
k = Group("k", O(parent=g))
a = Thing("a", O(retain_on_delete=True, additional_secret_outputs=["serial"]), size=2, tags={"a": 3, "b": 1, "c": 2})
observe("look b", pulumi.runtime.invoke_output("ref:index:lookup", {"name": "q"}, InvokeOutputOptions(depends_on=[a])))
b = Thing("b", O(depends_on=[a]), size=1, list=[3, 1, 1], found=lookup(name=a.arn)["value"])
c = Thing("c", O(depends_on=[b]), size=2, of=a.serial, deep=[None, b.serial, True, 1.5, ""])
d = Thing("d", O(retain_on_delete=True, delete_before_replace=True, deleted_with=a, depends_on=[c], parent=g, provider=p), size=3, of=a.arn, deep=[None, c.arn, True, 1.5, ""])
e = Thing("e", O(retain_on_delete=True, delete_before_replace=True, hooks=pulumi.ResourceHookBinding(before_create=[hook], after_create=[hook], before_update=[hook]), depends_on=[b, d], parent=h, version="1.2.3"), size=1, list=[])
f = Thing("f", O(custom_timeouts=CustomTimeouts(create="5m"), depends_on=[a, e], parent=g), size=1, deep=Output.all([e.revision, 1]), found=lookup(name="x")["value"])
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

import json
import os

import pulumi
from pulumi import Alias, CustomTimeouts, Output, ResourceOptions as O

from thing import Group, RefProvider, Thing, lookup, observe


def note(args: pulumi.ResourceHookArgs):
    given = [kind for kind in ("new_inputs", "old_inputs", "new_outputs", "old_outputs") if getattr(args, kind)]
    with open(os.environ["REF_OBSERVED"], "a") as out:
        out.write(json.dumps({"hook": "/".join(given), "name": args.name, "id": args.id}) + "\n")


hook = pulumi.ResourceHook("hook", note, pulumi.ResourceHookOptions(on_dry_run=False))


def tag(args: pulumi.ResourceTransformArgs):
    if args.type_ != "ref:index:Thing":
        return None
    return pulumi.ResourceTransformResult({**args.props, "by": 3}, args.opts)


pulumi.runtime.register_resource_transform(tag)


g = Group("g", O(protect=True))
h = Group("h")
k = Group("ky", O(parent=g, aliases=[Alias(name="k")], protect=True))
b = Thing("bx", O(aliases=[Alias(name="b")]), size=3, list=[2, 1, 2], found=lookup(name="x")["value"])
c = Thing("c", O(replace_with=[b], replacement_trigger=1, depends_on=[b], parent=g, import_="e-1c"), name="n", size=2)
d = Thing.get("dx", "e-1d", O(depends_on=[c], parent=c), size=None)
e = Thing("e", O(delete_before_replace=True, depends_on=[b, d], parent=k), size=5, withToken=True, replaceMe=b.arn)
u = Thing("u", O(replace_on_changes=["*"], hooks=pulumi.ResourceHookBinding(before_create=[hook], after_create=[hook]), depends_on=[e], aliases=[Alias(parent=k)]), size=5, list=[1, 1], token=Output.secret(e.arn), found=lookup(name="x")["value"])
v = Thing("v", O(depends_on=[u], parent=u), size=3, of=e.revision, found=lookup(name=u.arn)["value"])
observe("last", v.arn)
pulumi.export("all", [b.serial, c.serial, d.serial, e.serial, u.serial, v.serial])

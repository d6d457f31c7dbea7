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
    return pulumi.ResourceTransformResult({**args.props, "by": 1}, args.opts)


pulumi.runtime.register_resource_transform(tag)


p = RefProvider("pp", O(aliases=[Alias(name="p")]), region="one", note="n!")
g = Group("g")
h = Group("h")
k = Group("ky", O(parent=g, aliases=[Alias(name="k")]))
a = Thing.get("a", "e-1a", O(parent=g), size=None)
b = Thing("b", O(replace_with=[a], depends_on=[a], parent=h, provider=p), size=1, tags={"a": 3, "c": 2}, of=a.arn)
c = Thing.get("c", "e-2c", O(additional_secret_outputs=["serial"], depends_on=[b], parent=b), size=None)
d = Thing("d", O(replace_on_changes=["size"], additional_secret_outputs=["serial"], depends_on=[a, c], parent=g), size=3, tags={"a": 3, "b": 1, "c": 1}, list=[2, 1], replaceMe=c.arn)
e = Thing("e", O(depends_on=[d]), size=3, of=b.revision)
f = Thing("f", O(protect=True, replacement_trigger=e.revision, depends_on=[e], parent=k, provider=p), size=2, secretIn=Output.secret("s2"), withToken=True)
w = Thing("w", O(replace_on_changes=["*"], depends_on=[b, e, f], parent=g), size=2, tags={"b": 3, "c": 2}, of=d.arn, token=Output.secret(a.arn))
observe("last", w.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial, w.serial])

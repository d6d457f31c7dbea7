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


g = Group("g")
h = Group("h")
k = Group("k", O(parent=g))
a = Thing("a", O(parent=k), size=2, tags={"b": 2, "c": 2}, secretIn=Output.secret("s3"))
b = Thing("b", O(depends_on=[a], parent=a), size=1, list=[2, 1, 2], found=lookup(name=a.arn)["value"])
c = Thing("c", O(replace_with=[b], replacement_trigger=1, depends_on=[b], import_="e-1c"), name="n", size=4)
d = Thing.get("d", "e-1d", O(depends_on=[c], parent=c), size=None)
e = Thing("e", O(delete_before_replace=True, depends_on=[b, d], parent=k), size=2, withToken=True, replaceMe=b.arn)
u = Thing("u", O(replace_on_changes=["*"], hooks=pulumi.ResourceHookBinding(before_create=[hook], after_create=[hook]), depends_on=[e], parent=k), size=3, list=[1, 1], of=a.arn, token=Output.secret(e.arn), found=lookup(name="x")["value"])
v = Thing("v", O(depends_on=[u]), size=1)
observe("last", v.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, u.serial, v.serial])

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


p = RefProvider("p", region="one", note="n!!")
g = Group("g", O(providers=[p]))
h = Group("h")
b = Thing.get("bx", "e-1b", size=None)
d = Thing("dx", O(depends_on=[b], provider=p, aliases=[Alias(name="d")]), size=4, found=lookup(name="x")["value"])
e = Thing("ex", O(replacement_trigger=8, hooks=pulumi.ResourceHookBinding(before_create=[hook]), depends_on=[b, d], provider=p, aliases=[Alias(name="e")]), size=3, tags={"a": 3}, of=d.revision)
f = Thing("f", O(protect=True, delete_before_replace=True, replace_on_changes=["*"], depends_on=[e], parent=h), size=1)
u = Thing.get("ux", "e-2u", O(depends_on=[f]), size=None)
w = Thing("wx", O(ignore_changes=["list[0]"], depends_on=[u], parent=g, aliases=[Alias(name="w")]), size=3)
v = Thing("v", O(delete_before_replace=True, depends_on=[e, f, w]), size=1, replaceMe=e.arn)
observe("last", v.arn)
pulumi.export("all", [b.serial, d.serial, e.serial, f.serial, u.serial, w.serial, v.serial])

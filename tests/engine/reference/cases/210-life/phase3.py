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
a = Thing("a", O(hooks=pulumi.ResourceHookBinding(after_create=[hook])), size=2, tags={"a": 1}, withToken=True, replaceMe=1)
b = Thing("b", O(replacement_trigger=9, depends_on=[a]), size=3, replaceMe=8)
c = Thing("c", O(additional_secret_outputs=["serial"], depends_on=[b]), size=5, tags={"b": 3})
d = Thing("d", O(depends_on=[c]), size=4, of=a.revision, found=lookup(name="x")["value"])
e = Thing("e", O(replacement_trigger=8, hooks=pulumi.ResourceHookBinding(before_create=[hook]), depends_on=[b, d]), size=3, tags={"a": 3}, of=d.revision)
f = Thing("f", O(protect=True, delete_before_replace=True, replace_on_changes=["*"], depends_on=[a, e], parent=h), size=1, of=a.arn)
u = Thing.get("u", "e-2u", O(depends_on=[f]), size=None)
w = Thing("w", O(ignore_changes=["list[0]"], depends_on=[c, u], parent=g), size=2, replaceMe=a.arn)
observe("last", w.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial, u.serial, w.serial])

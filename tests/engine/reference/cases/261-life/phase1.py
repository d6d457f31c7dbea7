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
k = Group("k", O(parent=g, protect=True))
a = Thing("a", O(parent=h), size=2)
b = Thing("b", O(protect=True, retain_on_delete=True, depends_on=[a]), size=1, tags={"a": 3, "c": 1}, list=[2], found=lookup(name=a.arn)["value"])
c = Thing("c", O(depends_on=[b], parent=g), size=3, secretIn=Output.secret("s2"))
d = Thing("d", O(deleted_with=a, hooks=pulumi.ResourceHookBinding(after_create=[hook], before_update=[hook], after_update=[hook]), depends_on=[c], parent=g), size=2, list=[1], of=b.arn, replaceMe=a.arn)
e = Thing("e", O(replace_on_changes=["*"], additional_secret_outputs=["serial"], hooks=pulumi.ResourceHookBinding(after_create=[hook], after_update=[hook]), depends_on=[a, d], parent=d), size=1)
f = Thing.get("f", "e-1f", O(depends_on=[e], parent=g), size=None)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

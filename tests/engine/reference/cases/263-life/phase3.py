import json
import os

import pulumi
from pulumi import Alias, CustomTimeouts, Output, ResourceOptions as O

from thing import Group, RefProvider, Thing, lookup, observe


def note(args: pulumi.ResourceHookArgs):
    given = [kind for kind in ("new_inputs", "old_inputs", "new_outputs", "old_outputs") if getattr(args, kind)]
    with open(os.environ["REF_OBSERVED"], "a") as out:
        out.write(json.dumps({"hook": "/".join(given), "name": args.name, "id": args.id}) + "\n")


hook = pulumi.ResourceHook("hook", note, pulumi.ResourceHookOptions(on_dry_run=True))


p = RefProvider("p", region="two", note="n")
g = Group("g", O(providers=[p]))
h = Group("h", O(protect=True))
k = Group("k", O(parent=g, providers=[p]))
a = Thing("a", O(hooks=pulumi.ResourceHookBinding(before_delete=[hook], after_delete=[hook]), parent=g), size=4, tags={"c": 2}, list=[], found=lookup(name="x")["value"])
b = Thing("b", O(replace_on_changes=["size"], depends_on=[a], parent=g), size=3, of=a.arn)
c = Thing("c", O(retain_on_delete=True, replace_with=[b], depends_on=[a, b], parent=k, provider=p, import_="e-2c"), name="n", size=2)
d = Thing.get("d", "e-3d", O(custom_timeouts=CustomTimeouts(create="5m"), depends_on=[c], parent=g, provider=p), size=None)
v = Thing("vx", O(delete_before_replace=True, additional_secret_outputs=["serial"], hooks=pulumi.ResourceHookBinding(after_update=[hook]), depends_on=[d], aliases=[Alias(name="v")]), size=3, tags={"a": 3, "b": 1}, withToken=True, of=b.revision, token=Output.secret(c.revision))
observe("last", v.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, v.serial])

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


p = RefProvider("p", region="one", note="n!")
g = Group("g")
h = Group("hy", O(aliases=[Alias(name="h")]))
k = Group("ky", O(parent=g, aliases=[Alias(name="k")], protect=True))
b = Thing("b", O(protect=True, retain_on_delete=True), size=1, found=lookup(name="x")["value"])
e = Thing("e", O(replace_on_changes=["*"], additional_secret_outputs=["serial"], hooks=pulumi.ResourceHookBinding(after_create=[hook], after_update=[hook]), depends_on=[b]), size=3, list=[3])
f = Thing.get("f", "e-1f", O(depends_on=[e], parent=g), size=None)
u = Thing("u", O(retain_on_delete=True, depends_on=[b, f], parent=g, aliases=[Alias(parent=g)]), size=2, secretIn=Output.secret("s3"), withToken=True, token=Output.secret(b.revision))
w = Thing("w", O(protect=True, deleted_with=e, depends_on=[u], parent=u), size=1)
observe("last", w.arn)
pulumi.export("all", [b.serial, e.serial, f.serial, u.serial, w.serial])

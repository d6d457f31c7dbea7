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


p = RefProvider("p", region="one", note="n!")
g = Group("g")
h = Group("hy", O(aliases=[Alias(name="h")], protect=True))
k = Group("kyy", O(parent=g, aliases=[Alias(name="ky")]))
e = Thing("ex", O(replace_on_changes=["*"], additional_secret_outputs=["serial"], hooks=pulumi.ResourceHookBinding(after_create=[hook], after_update=[hook]), aliases=[Alias(name="e")]), size=1, secretIn=Output.secret("s1"))
f = Thing.get("fx", "e-1f", O(depends_on=[e], parent=g), size=None)
w = Thing("w", O(deleted_with=e, depends_on=[f]), size=5)
observe("last", w.arn)
pulumi.export("all", [e.serial, f.serial, w.serial])

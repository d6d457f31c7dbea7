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
    args.opts.additional_secret_outputs = ['arn']
    return pulumi.ResourceTransformResult({**args.props, "by": 2}, args.opts)


pulumi.runtime.register_resource_transform(tag)


p = RefProvider("p", region="one", note="n")
g = Group("g")
k = Group("k", O(parent=g, providers=[p]))
a = Thing("ax", O(additional_secret_outputs=["serial"], aliases=[Alias(name="a")]), size=1, tags={"a": 3, "b": 1}, secretIn=Output.secret("s2"), replaceMe=5, deep=Output.concat("x-", "x"))
b = Thing("bx", O(depends_on=[a], aliases=[Alias(name="b")]), size=3)
c = Thing("cx", O(replace_with=[a], hooks=pulumi.ResourceHookBinding(after_create=[hook]), depends_on=[b], aliases=[Alias(name="c")]), size=3, replaceMe=2, deep=[b.arn, {"k": Output.secret("z")}])
f = Thing("fxx", O(depends_on=[c], provider=p, aliases=[Alias(name="fx")]), size=2, withToken=True)
observe("look u", pulumi.runtime.invoke_output("ref:index:lookup", {"name": "q"}, InvokeOutputOptions(depends_on=[f])))
u = Thing("u", O(depends_on=[a, c, f]), size=3, deep=Output.concat("x-", f.serial), found=lookup(name="x")["value"])
v = Thing.get("v", "e-2v", O(depends_on=[b, u], provider=p), size=None)
observe("last", v.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, f.serial, u.serial, v.serial])

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
a = Thing("a", size=1, tags={"a": 3, "b": 1}, secretIn=Output.secret("s2"), replaceMe=5, deep=Output.concat("x-", "x"))
b = Thing("b", O(depends_on=[a]), size=3)
c = Thing("cx", O(replace_with=[a], depends_on=[b], aliases=[Alias(name="c")]), size=3, replaceMe=1, deep=[b.arn, {"k": Output.secret("z")}])
e = Thing("e", O(retain_on_delete=True, ignore_changes=["tags", "size"], replace_with=[b], depends_on=[b, c], provider=p, import_="e-3e"), name="n", size=2)
f = Thing("fx", O(delete_before_replace=True, custom_timeouts=CustomTimeouts(delete="1m", update="90s"), depends_on=[e], provider=p, aliases=[Alias(name="f")]), size=2, withToken=True)
v = Thing("v", O(hooks=pulumi.ResourceHookBinding(after_create=[hook], after_delete=[hook]), depends_on=[f]), size=1, secretIn=Output.secret("s1"), deep={"a": {"b": [f.revision]}})
observe("look u", pulumi.runtime.invoke_output("ref:index:lookup", {"name": "q"}, InvokeOutputOptions(depends_on=[v])))
u = Thing("u", O(depends_on=[a, c, v]), size=1, tags={"b": 2}, deep=Output.concat("x-", v.serial), found=lookup(name="x")["value"])
observe("last", u.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, e.serial, f.serial, v.serial, u.serial])

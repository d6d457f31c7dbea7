import json
import os

import pulumi
from pulumi import Alias, CustomTimeouts, InvokeOptions, InvokeOutputOptions, Output, ResourceOptions as O

from thing import Group, RefProvider, Thing, lookup, observe


def tag(args: pulumi.ResourceTransformArgs):
    if args.type_ != "ref:index:Thing":
        return None
    args.opts.additional_secret_outputs = ['arn']
    return pulumi.ResourceTransformResult({**args.props, "by": 2}, args.opts)


pulumi.runtime.register_resource_transform(tag)


p = RefProvider("p", region="one", note="n")
g = Group("g")
k = Group("k", O(parent=g, providers=[p]))
a = Thing("a", O(additional_secret_outputs=["serial"]), size=1, tags={"a": 3, "b": 1}, secretIn=Output.secret("s2"), replaceMe=5, deep=Output.concat("x-", "x"))
b = Thing("b", O(depends_on=[a]), size=3)
c = Thing("cx", O(replace_with=[a], depends_on=[b], aliases=[Alias(name="c")]), size=3, replaceMe=2, deep=[b.arn, {"k": Output.secret("z")}])
e = Thing("e", O(retain_on_delete=True, ignore_changes=["tags", "size"], replace_with=[b], depends_on=[b, c], parent=k, provider=p, aliases=[Alias(no_parent=True)], import_="e-3e"), name="n", size=2)
f = Thing("fxx", O(delete_before_replace=True, custom_timeouts=CustomTimeouts(delete="1m", update="90s"), depends_on=[e], provider=p, aliases=[Alias(name="fx")]), size=2, withToken=True)
observe("look u", pulumi.runtime.invoke_output("ref:index:lookup", {"name": "q"}, InvokeOutputOptions(depends_on=[f])))
u = Thing("u", O(depends_on=[a, c, f]), size=1, tags={"b": 2}, replaceMe=5, deep=Output.concat("x-", f.serial), found=lookup(name="x")["value"])
v = Thing("v", O(depends_on=[a, u]), size=3, of=f.arn, token=Output.secret(b.arn), deep=Output.all([u.arn, 1]))
observe("last", v.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, e.serial, f.serial, u.serial, v.serial])

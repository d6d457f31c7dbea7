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
h = Group("h")
k = Group("k", O(parent=g, providers=[p]))
a = Thing("a", O(parent=h), size=1, tags={"a": 3, "b": 1}, secretIn=Output.secret("s2"), replaceMe=9, deep=Output.concat("x-", "x"))
b = Thing("b", O(depends_on=[a]), size=1)
c = Thing("cx", O(replace_with=[a], depends_on=[b], aliases=[Alias(name="c")]), size=3, deep=[b.arn, {"k": Output.secret("z")}])
observe("look d", pulumi.runtime.invoke_output("ref:index:lookup", {"name": "q"}, InvokeOutputOptions(parent=c)))
d = Thing("dx", O(depends_on=[c], parent=c, aliases=[Alias(name="d")]), size=2, tags={"a": 1, "b": 1}, token=Output.secret(b.arn), found=lookup(name="x")["value"])
e = Thing("e", O(retain_on_delete=True, ignore_changes=["tags", "size"], deleted_with=d, replace_with=[b], depends_on=[b, c, d], parent=h, provider=p, import_="e-3e"), name="n", size=2)
f = Thing("f", O(delete_before_replace=True, custom_timeouts=CustomTimeouts(delete="1m", update="90s"), depends_on=[e], parent=h, provider=p), size=2, withToken=True)
v = Thing("v", O(depends_on=[f], parent=h), size=1, secretIn=Output.secret("s1"), deep={"a": {"b": [f.revision]}})
observe("last", v.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial, v.serial])

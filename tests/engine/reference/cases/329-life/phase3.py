import json
import os

import pulumi
from pulumi import Alias, CustomTimeouts, InvokeOptions, InvokeOutputOptions, Output, ResourceOptions as O

from thing import Group, RefProvider, Thing, lookup, observe


def tag(args: pulumi.ResourceTransformArgs):
    if args.type_ != "ref:index:Thing":
        return None
    args.opts.replace_on_changes = ['tags']
    return pulumi.ResourceTransformResult({**args.props, "by": 2}, args.opts)


pulumi.runtime.register_resource_transform(tag)


p = RefProvider("p", region="one", note="n!")
g = Group("g", O(providers=[p]))
h = Group("h")
k = Group("k")
a = Thing("ax", O(parent=g, provider=p, aliases=[Alias(name="a")]), size=4, list=[], deep=["x", {"k": Output.secret("z")}], found=lookup(name="x")["value"])
observe("look b", pulumi.runtime.invoke_output("ref:index:lookup", {"name": "q"}, InvokeOutputOptions(depends_on=[a])))
b = Thing("b", O(depends_on=[a]), size=2, of=a.serial, found=lookup(name="x")["value"])
c = Thing("c", O(delete_before_replace=True, ignore_changes=["*"], additional_secret_outputs=["serial"], depends_on=[b], parent=k, provider=p), size=2, replaceMe=6, of=a.revision, token=Output.secret(b.revision))
d = Thing("d", O(deleted_with=a, depends_on=[c], provider=p), size=2, of=a.serial)
observe("look e", pulumi.runtime.invoke_output("ref:index:lookup", {"name": "q"}, InvokeOutputOptions(depends_on=[d])))
e = Thing("e", O(ignore_changes=["tags.a"], additional_secret_outputs=["serial"], custom_timeouts=CustomTimeouts(create="5m"), depends_on=[b, d], provider=p), size=1, token=Output.secret(a.arn), deep={"a": {"b": [d.arn]}}, found=lookup(name=d.arn)["value"])
f = Thing("f", O(depends_on=[b, e], provider=p), size=2, secretIn=Output.secret("s3"), list=[3], of=e.serial)
v = Thing("v", O(delete_before_replace=True, depends_on=[a, b, c, d, f], parent=g, provider=p), size=1, token=Output.secret(b.revision), replaceMe=d.arn)
observe("look w", pulumi.runtime.invoke_output("ref:index:lookup", {"name": "q"}, InvokeOutputOptions(depends_on=[v])))
w = Thing.get("w", "e-2w", O(depends_on=[v], parent=v), size=None)
observe("last", w.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial, v.serial, w.serial])

import json
import os

import pulumi
from pulumi import Alias, CustomTimeouts, InvokeOptions, InvokeOutputOptions, Output, ResourceOptions as O

from thing import Group, RefProvider, Thing, lookup, observe

p = RefProvider("p", region="one", note="n")
g = Group("g")
h = Group("h")
k = Group("k", O(parent=g, providers=[p], protect=True))
a = Thing("a", O(parent=h), size=1, tags={"a": 3, "b": 1}, secretIn=Output.secret("s2"), deep=Output.concat("x-", "x"))
b = Thing("b", O(depends_on=[a]), size=1)
c = Thing("c", O(replace_with=[a], depends_on=[b]), size=3, deep=[b.arn, {"k": Output.secret("z")}])
observe("look d", pulumi.runtime.invoke_output("ref:index:lookup", {"name": "q"}, InvokeOutputOptions(parent=c)))
d = Thing("d", O(depends_on=[c], parent=c), size=2, tags={"a": 1, "b": 1}, token=Output.secret(b.arn), found=lookup(name="x")["value"])
e = Thing("e", O(retain_on_delete=True, ignore_changes=["tags", "size"], deleted_with=d, replace_with=[b], depends_on=[b, c, d], parent=h, provider=p, import_="e-3e"), name="n", size=2)
f = Thing("f", O(delete_before_replace=True, custom_timeouts=CustomTimeouts(delete="1m", update="90s"), depends_on=[e], parent=h, provider=p), size=3, tags={"a": 2, "c": 1}, secretIn=Output.secret("s3"))
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

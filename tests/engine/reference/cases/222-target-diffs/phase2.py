import json
import os

import pulumi
from pulumi import Alias, CustomTimeouts, Output, ResourceOptions as O

from thing import Group, RefProvider, Thing, lookup, observe

g = Group("g")
h = Group("hy", O(aliases=[Alias(name="h")]))
k = Group("k")
b = Thing("b", O(parent=g), size=2, replaceMe=2)
c = Thing("c", O(depends_on=[b], parent=b), size=1)
d = Thing("dx", O(replace_on_changes=["size"], custom_timeouts=CustomTimeouts(delete="1m", update="90s"), depends_on=[c], parent=g, aliases=[Alias(name="d")]), size=2, tags={"b": 1, "c": 3})
e = Thing("ex", O(delete_before_replace=True, depends_on=[d], parent=h, aliases=[Alias(name="e")]), size=3, found=lookup(name=d.arn)["value"])
f = Thing("f", O(depends_on=[b, e], parent=g), size=1, replaceMe=b.arn, found=lookup(name=e.arn)["value"])
observe("last", f.arn)
pulumi.export("all", [b.serial, c.serial, d.serial, e.serial, f.serial])

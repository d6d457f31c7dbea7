import json
import os

import pulumi
from pulumi import Alias, CustomTimeouts, Output, ResourceOptions as O

from thing import Group, RefProvider, Thing, lookup, observe

g = Group("g")
h = Group("h")
k = Group("k", O(parent=g))
a = Thing("a", O(parent=g), size=1, tags={"c": 2}, list=[], found=lookup(name="x")["value"])
b = Thing("b", O(replace_on_changes=["size"], depends_on=[a], parent=g), size=2, of=a.arn)
c = Thing("c", O(retain_on_delete=True, replace_with=[b], depends_on=[a, b], parent=k, import_="e-2c"), name="n", size=1)
d = Thing("d", O(replace_on_changes=["tags.a"], custom_timeouts=CustomTimeouts(create="5m"), replace_with=[a], depends_on=[c], parent=g), size=2, replaceMe=b.arn, found=lookup(name=c.arn)["value"])
e = Thing("e", O(protect=True, depends_on=[c, d], parent=d), size=2, withToken=True, of=b.arn, token=Output.secret(b.arn), replaceMe=a.arn)
f = Thing("f", O(depends_on=[e]), size=1, tags={"a": 1, "c": 3}, replaceMe=b.arn)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

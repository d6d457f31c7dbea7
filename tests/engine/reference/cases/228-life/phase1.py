import json
import os

import pulumi
from pulumi import Alias, CustomTimeouts, Output, ResourceOptions as O

from thing import Group, RefProvider, Thing, lookup, observe

g = Group("g")
h = Group("h")
k = Group("k", O(parent=g))
a = Thing("a", O(parent=k), size=2, tags={"b": 2, "c": 2}, secretIn=Output.secret("s3"))
b = Thing("b", O(depends_on=[a], parent=a), size=1, list=[2, 1, 2], found=lookup(name=a.arn)["value"])
c = Thing("c", O(replace_with=[b], replacement_trigger=1, depends_on=[b], import_="e-1c"), name="n", size=2)
d = Thing.get("d", "e-1d", O(depends_on=[c], parent=c), size=None)
e = Thing("e", O(delete_before_replace=True, depends_on=[b, d], parent=k), size=3, tags={"a": 3, "c": 2}, withToken=True, replaceMe=b.arn)
f = Thing("f", O(retain_on_delete=True, ignore_changes=["*"], depends_on=[a, c, e], parent=h), size=2)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

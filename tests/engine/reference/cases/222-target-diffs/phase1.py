import json
import os

import pulumi
from pulumi import Alias, CustomTimeouts, Output, ResourceOptions as O

from thing import Group, RefProvider, Thing, lookup, observe

g = Group("g")
h = Group("h")
k = Group("k")
a = Thing("a", O(delete_before_replace=True, additional_secret_outputs=["serial"]), size=3)
b = Thing("b", O(depends_on=[a], parent=g), size=2)
c = Thing("c", O(depends_on=[b], parent=b), size=1)
d = Thing("d", O(replace_on_changes=["size"], custom_timeouts=CustomTimeouts(delete="1m", update="90s"), depends_on=[c], parent=g), size=2, tags={"b": 1, "c": 3})
e = Thing("e", O(delete_before_replace=True, deleted_with=a, depends_on=[d], parent=h), size=3, of=a.arn, found=lookup(name=d.arn)["value"])
f = Thing("f", O(depends_on=[b, e], parent=g), size=1, replaceMe=b.arn, found=lookup(name=e.arn)["value"])
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

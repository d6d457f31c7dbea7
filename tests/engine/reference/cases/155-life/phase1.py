import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
a = Thing("a", O(delete_before_replace=True, parent=g), size=1)
b = Thing("b", O(depends_on=[a], parent=h), size=1, of=a.serial)
c = Thing("c", O(depends_on=[b], parent=g), size=3, of=a.serial)
d = Thing("d", O(depends_on=[c]), size=2)
e = Thing("e", O(protect=True, delete_before_replace=True, depends_on=[d], parent=h), size=3)
f = Thing("f", O(delete_before_replace=True, depends_on=[a, e]), size=2, replaceMe=d.arn)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

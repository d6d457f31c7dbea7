import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
a = Thing("a", O(protect=True, parent=h), size=1)
b = Thing("b", O(delete_before_replace=True, depends_on=[a]), size=3, of=a.serial, replaceMe=a.arn)
c = Thing("c", O(depends_on=[b], parent=g), size=3)
d = Thing("d", O(depends_on=[c]), size=3)
e = Thing("e", O(depends_on=[c, d], parent=h), size=1, replaceMe=b.arn)
f = Thing("f", O(depends_on=[b, c, e], parent=g), size=2)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
a = Thing("a", O(parent=g), size=3)
b = Thing("b", O(depends_on=[a], parent=g), size=3)
c = Thing("c", O(depends_on=[b], parent=h), size=1, of=a.serial, replaceMe=b.arn)
d = Thing("d", O(depends_on=[a, c]), size=3)
e = Thing("e", O(depends_on=[b, c, d], parent=g), size=1, of=c.arn)
f = Thing("f", O(depends_on=[e], parent=h), size=1)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

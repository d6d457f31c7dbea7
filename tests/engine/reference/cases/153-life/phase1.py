import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
a = Thing("a", O(parent=g), size=2)
b = Thing("b", O(depends_on=[a], parent=h), size=3)
c = Thing("c", O(depends_on=[b]), size=1)
d = Thing("d", O(protect=True, depends_on=[a, c]), size=3)
e = Thing("e", O(replace_on_changes=["size"], depends_on=[d]), size=1, of=c.arn)
f = Thing("f", O(replace_on_changes=["size"], depends_on=[a, e]), size=1)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

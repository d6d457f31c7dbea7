import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
a = Thing("a", O(delete_before_replace=True, parent=h), size=3)
b = Thing("b", O(depends_on=[a], parent=g), size=1, of=a.serial)
c = Thing("c", O(depends_on=[b], parent=h), size=2, of=a.arn)
d = Thing("d", O(ignore_changes=["size"], depends_on=[c], parent=h), size=3, replaceMe=c.arn)
e = Thing("e", O(depends_on=[a, c, d], parent=h), size=3, of=d.serial)
f = Thing("f", O(delete_before_replace=True, depends_on=[b, e]), size=3)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
a = Thing("a", O(delete_before_replace=True, parent=h), size=1)
b = Thing("b", O(depends_on=[a], parent=g), size=1, of=a.serial)
c = Thing("c", O(depends_on=[b], parent=h), size=4, of=a.arn)
d = Thing("d", O(delete_before_replace=True, replace_on_changes=["size"], depends_on=[c], parent=h), size=3, replaceMe=c.arn)
e = Thing("e", O(depends_on=[a, c, d], parent=h), size=3, of=d.serial)
f = Thing("f", O(delete_before_replace=True, depends_on=[b, e]), size=3, replaceMe=6)
v = Thing("v", O(protect=True, depends_on=[a, f]), size=1, of=e.arn)
w = Thing("w", O(delete_before_replace=True, depends_on=[a, f, v], parent=h), size=3, of=e.arn)
observe("last", w.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial, v.serial, w.serial])

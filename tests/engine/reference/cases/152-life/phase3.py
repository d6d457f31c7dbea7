import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="two")
a = Thing("ax", O(parent=h, aliases=[Alias(name="a")]), size=3)
b = Thing("bx", O(protect=True, delete_before_replace=True, depends_on=[a], parent=g, aliases=[Alias(name="b")]), size=2, of=a.revision, replaceMe=a.arn)
d = Thing("d", O(delete_before_replace=True, depends_on=[b], parent=g), size=4)
f = Thing("f", O(depends_on=[a, d], parent=g), size=3)
u = Thing("u", O(depends_on=[a, f]), size=2)
w = Thing("w", O(protect=True, delete_before_replace=True, depends_on=[u], parent=h), size=2)
observe("last", w.arn)
pulumi.export("all", [a.serial, b.serial, d.serial, f.serial, u.serial, w.serial])

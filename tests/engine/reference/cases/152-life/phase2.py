import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(parent=h), size=3)
b = Thing("bx", O(protect=True, depends_on=[a], parent=g, aliases=[Alias(name="b")]), size=2, of=a.revision, replaceMe=a.arn)
d = Thing("d", O(delete_before_replace=True, depends_on=[b], parent=g), size=1)
f = Thing("f", O(ignore_changes=["size"], depends_on=[a, d], parent=g), size=3)
u = Thing("u", O(depends_on=[a, f]), size=2)
w = Thing("w", O(delete_before_replace=True, depends_on=[a, d, u], parent=h), size=3, of=u.revision)
observe("last", w.arn)
pulumi.export("all", [a.serial, b.serial, d.serial, f.serial, u.serial, w.serial])

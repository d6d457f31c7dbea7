import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(protect=True, parent=h), size=5)
b = Thing("bx", O(delete_before_replace=True, depends_on=[a], aliases=[Alias(name="b")]), size=3, replaceMe=a.arn, of=a.serial)
c = Thing("c", O(depends_on=[b], parent=g), size=1)
d = Thing("d", O(retain_on_delete=True, delete_before_replace=True, depends_on=[c]), size=3, replaceMe=6)
e = Thing("e", O(depends_on=[c, d], parent=h), size=1, replaceMe=b.arn)
f = Thing("f", O(retain_on_delete=True, depends_on=[b, c, e], parent=g), size=2)
u = Thing("u", O(ignore_changes=["size"], depends_on=[a, f]), size=3, of=c.serial)
w = Thing("w", O(replace_on_changes=["size"], depends_on=[b, d, u], parent=h), size=2, of=u.serial)
observe("last", w.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial, u.serial, w.serial])

import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", size=5, replaceMe=4)
b = Thing("bx", O(protect=True, delete_before_replace=True, replace_on_changes=["size"], depends_on=[a], parent=h, provider=p, aliases=[Alias(name="b")]), size=3, of=a.serial)
c = Thing("cx", O(delete_before_replace=True, depends_on=[b], aliases=[Alias(name="c")]), size=1, replaceMe=b.arn)
d = Thing("dx", O(replace_on_changes=["size"], depends_on=[b, c], parent=g, aliases=[Alias(name="d")]), size=1, replaceMe=8)
e = Thing("ex", O(depends_on=[b, d], parent=g, aliases=[Alias(name="e")]), size=2)
f = Thing("f", O(depends_on=[b, c, e], parent=h), size=3, of=a.revision)
u = Thing("ux", O(replace_on_changes=["size"], depends_on=[c, e, f], provider=p, aliases=[Alias(name="u")]), size=3)
w = Thing("w", O(depends_on=[b, c, u], parent=h, provider=p), size=3, of=d.serial)
observe("last", w.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial, u.serial, w.serial])

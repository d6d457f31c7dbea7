import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", size=2, replaceMe=4)
b = Thing("bx", O(protect=True, delete_before_replace=True, replace_on_changes=["size"], depends_on=[a], parent=h, provider=p, aliases=[Alias(name="b")]), size=1, of=a.serial)
c = Thing("cx", O(protect=True, ignore_changes=["size"], depends_on=[b], aliases=[Alias(name="c")]), size=1, replaceMe=b.arn)
d = Thing("d", O(replace_on_changes=["size"], depends_on=[b, c], parent=g), size=1, replaceMe=8)
e = Thing("ex", O(depends_on=[b, d], aliases=[Alias(name="e")]), size=2)
f = Thing("f", O(depends_on=[b, c, e], parent=h), size=5, of=a.revision)
u = Thing("u", O(replace_on_changes=["size"], depends_on=[c, e, f], provider=p), size=3)
v = Thing("v", O(delete_before_replace=True, depends_on=[d, e, u], parent=g), size=2, of=e.arn)
observe("last", v.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial, u.serial, v.serial])

import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="two")
b = Thing("bxx", O(delete_before_replace=True, parent=g, aliases=[Alias(name="bx")]), size=1)
c = Thing("c", O(protect=True, depends_on=[b], parent=g, provider=p), size=4)
d = Thing("dx", O(replace_on_changes=["size"], depends_on=[c], parent=g, aliases=[Alias(name="d")]), size=1)
e = Thing("ex", O(depends_on=[c, d], parent=g, provider=p, aliases=[Alias(name="e")]), size=1, replaceMe=5)
f = Thing("f", O(depends_on=[e], parent=h, provider=p), size=1, replaceMe=6, of=b.arn)
u = Thing("u", O(delete_before_replace=True, depends_on=[c, d, e, f]), size=2, replaceMe=4, of=e.revision)
v = Thing("v", O(protect=True, depends_on=[u]), size=3)
w = Thing("w", O(additional_secret_outputs=["serial"], depends_on=[v], provider=p), size=3, of=v.serial)
observe("last", w.arn)
pulumi.export("all", [b.serial, c.serial, d.serial, e.serial, f.serial, u.serial, v.serial, w.serial])

import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="two")
c = Thing("c", O(protect=True, parent=g, provider=p), size=4, replaceMe=9)
d = Thing("dxx", O(replace_on_changes=["size"], depends_on=[c], parent=g, aliases=[Alias(name="dx")]), size=1)
e = Thing("ex", O(depends_on=[c, d], parent=g, provider=p, aliases=[Alias(name="e")]), size=1, replaceMe=5)
f = Thing("f", O(depends_on=[e], parent=h, provider=p), size=1, replaceMe=6)
u = Thing("u", O(delete_before_replace=True, depends_on=[c, d, e, f]), size=2, replaceMe=4, of=e.revision)
v = Thing("vx", O(protect=True, depends_on=[u], aliases=[Alias(name="v")]), size=3)
w = Thing("w", O(additional_secret_outputs=["serial"], depends_on=[v], provider=p), size=3, of=v.serial)
observe("last", w.arn)
pulumi.export("all", [c.serial, d.serial, e.serial, f.serial, u.serial, v.serial, w.serial])

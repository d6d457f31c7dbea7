import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", size=1, replaceMe=4)
d = Thing("dx", O(delete_before_replace=True, depends_on=[a], parent=g, aliases=[Alias(name="d")]), size=1, replaceMe=8)
e = Thing("ex", O(depends_on=[d], parent=g, aliases=[Alias(name="e")]), size=1)
f = Thing("f", O(depends_on=[e], parent=h), size=3, of=a.revision)
u = Thing("ux", O(depends_on=[e, f], provider=p, aliases=[Alias(name="u")]), size=3)
w = Thing("w", O(depends_on=[u], parent=h, provider=p), size=3, replaceMe=9, of=d.serial)
observe("last", w.arn)
pulumi.export("all", [a.serial, d.serial, e.serial, f.serial, u.serial, w.serial])

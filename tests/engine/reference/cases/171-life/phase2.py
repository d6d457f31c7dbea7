import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(parent=h), size=3)
b = Thing("bx", O(delete_before_replace=True, depends_on=[a], parent=g, aliases=[Alias(name="b")]), size=1)
c = Thing("c", O(protect=True, depends_on=[a, b], parent=g, provider=p), size=3)
d = Thing("dx", O(replace_on_changes=["size"], depends_on=[c], parent=g, aliases=[Alias(name="d")]), size=1)
e = Thing("e", O(depends_on=[c, d], parent=g, provider=p), size=1, replaceMe=5, of=a.revision)
f = Thing("f", O(depends_on=[e], parent=h, provider=p), size=2, replaceMe=6, of=b.arn)
u = Thing("u", O(delete_before_replace=True, depends_on=[c, d, e, f]), size=2, of=e.revision, replaceMe=a.arn)
v = Thing("v", O(protect=True, depends_on=[u]), size=2)
w = Thing("w", O(additional_secret_outputs=["serial"], depends_on=[v], parent=g, provider=p), size=3, of=v.serial, replaceMe=a.arn)
observe("last", w.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial, u.serial, v.serial, w.serial])

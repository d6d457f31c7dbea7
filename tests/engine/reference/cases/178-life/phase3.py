import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(parent=h), size=1)
c = Thing("cx", O(replace_on_changes=["size"], depends_on=[a], parent=h, aliases=[Alias(name="c")]), size=5, of=a.arn)
d = Thing("d", O(retain_on_delete=True, delete_before_replace=True, depends_on=[a, c], parent=g), size=5)
e = Thing("e", O(retain_on_delete=True, depends_on=[c, d], parent=g), size=4)
f = Thing("f", O(protect=True, replace_on_changes=["size"], depends_on=[c, e], parent=g), size=3, of=e.serial)
u = Thing("u", O(depends_on=[c, f]), size=1, of=a.revision)
w = Thing("w", O(ignore_changes=["size"], depends_on=[c, f, u], parent=h), size=3, of=d.serial)
observe("last", w.arn)
pulumi.export("all", [a.serial, c.serial, d.serial, e.serial, f.serial, u.serial, w.serial])

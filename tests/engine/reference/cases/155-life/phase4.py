import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="two")
b = Thing("b", O(parent=h), size=1, replaceMe=3)
c = Thing("cx", O(depends_on=[b], parent=g, provider=p, aliases=[Alias(name="c")]), size=5)
d = Thing("dxx", O(depends_on=[c], aliases=[Alias(name="dx")]), size=2)
e = Thing("e", O(protect=True, delete_before_replace=True, depends_on=[d], parent=h), size=1)
f = Thing("f", O(delete_before_replace=True, depends_on=[e], provider=p), size=1, replaceMe=d.arn)
w = Thing("w", O(replace_on_changes=["size"], depends_on=[b, d, f]), size=4, of=f.revision)
u = Thing("u", O(replace_on_changes=["size"], depends_on=[w], parent=h, provider=p), size=2, of=c.arn)
v = Thing("v", O(delete_before_replace=True, depends_on=[c, u], parent=g, provider=p), size=3)
observe("last", v.arn)
pulumi.export("all", [b.serial, c.serial, d.serial, e.serial, f.serial, w.serial, u.serial, v.serial])

import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(parent=h), size=3)
b = Thing("b", O(delete_before_replace=True, depends_on=[a], parent=g), size=1)
c = Thing("c", O(protect=True, depends_on=[a, b], provider=p), size=3)
d = Thing("d", O(replace_on_changes=["size"], depends_on=[c], parent=g), size=1)
e = Thing("e", O(depends_on=[c, d], parent=g, provider=p), size=1, of=a.revision)
f = Thing("f", O(depends_on=[e], parent=h, provider=p), size=2, of=b.arn)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

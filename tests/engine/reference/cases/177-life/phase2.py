import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(protect=True, ignore_changes=["size"], parent=g, provider=p), size=2)
b = Thing("b", O(depends_on=[a], parent=h, provider=p), size=2)
c = Thing("c", O(delete_before_replace=True, depends_on=[b], parent=h), size=1, of=a.arn)
d = Thing("d", O(delete_before_replace=True, replace_on_changes=["size"], depends_on=[c], parent=g), size=1)
e = Thing("e", O(ignore_changes=["size"], depends_on=[a, d]), size=3, of=c.arn)
f = Thing("f", O(depends_on=[b, c, e], parent=g), size=3, of=e.arn)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

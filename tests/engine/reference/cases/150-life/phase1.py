import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(delete_before_replace=True, ignore_changes=["size"], replace_on_changes=["size"], parent=g), size=2)
b = Thing("b", O(retain_on_delete=True, depends_on=[a], parent=h), size=3)
c = Thing("c", O(depends_on=[b], parent=h), size=1)
d = Thing("d", O(delete_before_replace=True, depends_on=[c], parent=g), size=1)
e = Thing("e", O(depends_on=[d]), size=3, of=a.arn)
f = Thing("f", O(protect=True, depends_on=[e], parent=g, provider=p), size=2)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

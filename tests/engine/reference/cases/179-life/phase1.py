import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(delete_before_replace=True), size=3)
b = Thing("b", O(delete_before_replace=True, depends_on=[a], parent=g), size=3, of=a.serial)
c = Thing("c", O(depends_on=[b], provider=p), size=1)
d = Thing("d", O(delete_before_replace=True, ignore_changes=["size"], depends_on=[c], parent=g, provider=p), size=2)
e = Thing("e", O(additional_secret_outputs=["serial"], depends_on=[b, d], parent=g, provider=p), size=3, of=a.arn)
f = Thing("f", O(depends_on=[d, e], parent=g, provider=p), size=1)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

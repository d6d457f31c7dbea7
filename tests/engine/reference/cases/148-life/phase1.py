import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
a = Thing("a", O(parent=g), size=1)
b = Thing("b", O(depends_on=[a]), size=3)
c = Thing("c", O(protect=True, depends_on=[b]), size=3)
d = Thing("d", O(protect=True, delete_before_replace=True, depends_on=[c]), size=1, of=a.arn)
e = Thing("e", O(protect=True, depends_on=[d]), size=1, of=a.revision)
f = Thing("f", O(additional_secret_outputs=["serial"], depends_on=[c, e]), size=3, of=d.revision)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

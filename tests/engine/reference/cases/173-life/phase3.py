import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(parent=g), size=2)
b = Thing("b", O(delete_before_replace=True, additional_secret_outputs=["serial"], depends_on=[a], parent=g), size=1, of=a.revision, replaceMe=a.arn)
c = Thing("c", O(depends_on=[b], parent=h, provider=p), size=3)
d = Thing("d", O(depends_on=[b, c], parent=g), size=4)
e = Thing("e", O(protect=True, depends_on=[d]), size=2, replaceMe=9, of=b.revision)
w = Thing("w", O(ignore_changes=["size"], depends_on=[a, b, d, e], parent=g), size=4)
v = Thing("v", O(depends_on=[w], parent=g), size=2, of=c.revision)
observe("last", v.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, w.serial, v.serial])

import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(parent=g), size=1)
b = Thing("b", O(delete_before_replace=True, additional_secret_outputs=["serial"], depends_on=[a], parent=g), size=5, of=a.revision, replaceMe=a.arn)
c = Thing("c", O(depends_on=[b], parent=g, provider=p), size=3)
d = Thing("d", O(depends_on=[b, c]), size=4)
e = Thing("e", O(protect=True, depends_on=[d]), size=2, replaceMe=5, of=b.revision)
w = Thing("w", O(ignore_changes=["size"], depends_on=[a, b, d, e], parent=g), size=2)
v = Thing("v", O(depends_on=[w], parent=g), size=2, of=c.revision)
u = Thing("u", O(protect=True, delete_before_replace=True, replace_on_changes=["size"], depends_on=[a, v], parent=h), size=1, replaceMe=a.arn)
observe("last", u.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, w.serial, v.serial, u.serial])

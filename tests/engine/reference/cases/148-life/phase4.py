import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
b = Thing("b", O(parent=g), size=2)
c = Thing("cx", O(protect=True, depends_on=[b], provider=p, aliases=[Alias(name="c")]), size=3, replaceMe=5)
d = Thing("d", O(protect=True, delete_before_replace=True, depends_on=[c]), size=1)
v = Thing("v", O(depends_on=[d], parent=h, provider=p), size=4)
u = Thing("u", O(additional_secret_outputs=["serial"], depends_on=[b, v], provider=p), size=3, of=d.revision, replaceMe=d.arn)
w = Thing("w", O(protect=True, depends_on=[u], parent=h), size=1)
observe("last", w.arn)
pulumi.export("all", [b.serial, c.serial, d.serial, v.serial, u.serial, w.serial])

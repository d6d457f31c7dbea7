import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
b = Thing("b", O(parent=g), size=3)
c = Thing("c", O(protect=True, depends_on=[b], provider=p), size=3, replaceMe=5)
d = Thing("d", O(protect=True, delete_before_replace=True, depends_on=[c]), size=3)
f = Thing("fx", O(additional_secret_outputs=["serial"], depends_on=[c, d], provider=p, aliases=[Alias(name="f")]), size=3, replaceMe=6, of=d.revision)
v = Thing("v", O(depends_on=[f], parent=h, provider=p), size=3)
observe("last", v.arn)
pulumi.export("all", [b.serial, c.serial, d.serial, f.serial, v.serial])

import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(parent=g, provider=p), size=2, replaceMe=3)
b = Thing("b", O(depends_on=[a]), size=1, of=a.serial, replaceMe=a.arn)
d = Thing("d", O(depends_on=[b], parent=h), size=3, of=b.serial)
f = Thing("f", O(retain_on_delete=True, depends_on=[b, d], parent=g), size=2, of=b.revision)
u = Thing("u", O(depends_on=[a, d, f], parent=h), size=3)
observe("last", u.arn)
pulumi.export("all", [a.serial, b.serial, d.serial, f.serial, u.serial])

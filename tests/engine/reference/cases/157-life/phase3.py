import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(parent=g), size=2)
b = Thing("bx", O(protect=True, depends_on=[a], parent=g, aliases=[Alias(name="b")]), size=3, of=a.revision)
d = Thing("d", O(protect=True, depends_on=[b]), size=2, of=a.arn)
f = Thing("fx", O(additional_secret_outputs=["serial"], depends_on=[d], parent=g, aliases=[Alias(name="f")]), size=2, replaceMe=d.arn)
u = Thing("u", O(depends_on=[f], provider=p), size=1)
v = Thing("v", O(depends_on=[u], parent=g), size=1, replaceMe=6, of=u.serial)
observe("last", v.arn)
pulumi.export("all", [a.serial, b.serial, d.serial, f.serial, u.serial, v.serial])

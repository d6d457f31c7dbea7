import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(parent=h), size=1)
b = Thing("b", O(depends_on=[a]), size=2)
c = Thing("c", O(retain_on_delete=True, delete_before_replace=True, additional_secret_outputs=["serial"], depends_on=[a, b], parent=g), size=2, replaceMe=b.arn)
e = Thing("ex", O(depends_on=[c], parent=g, provider=p, aliases=[Alias(name="e")]), size=2)
w = Thing("w", O(delete_before_replace=True, depends_on=[b, c, e]), size=1, replaceMe=2, of=b.arn)
u = Thing("u", O(retain_on_delete=True, depends_on=[w]), size=3, of=e.serial)
observe("last", u.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, e.serial, w.serial, u.serial])

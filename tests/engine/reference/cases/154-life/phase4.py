import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(parent=g, provider=p), size=2, replaceMe=3)
b = Thing("b", O(depends_on=[a]), size=1, replaceMe=a.arn, of=a.serial)
u = Thing("u", O(retain_on_delete=True, depends_on=[a, b], parent=h), size=3)
observe("last", u.arn)
pulumi.export("all", [a.serial, b.serial, u.serial])

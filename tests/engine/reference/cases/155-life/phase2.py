import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="two")
a = Thing("a", O(delete_before_replace=True, parent=g), size=1, replaceMe=1)
b = Thing("b", O(depends_on=[a], parent=h), size=1, replaceMe=3, of=a.serial)
c = Thing("cx", O(depends_on=[b], parent=g, provider=p, aliases=[Alias(name="c")]), size=3, of=a.serial)
d = Thing("dx", O(depends_on=[c], aliases=[Alias(name="d")]), size=2)
e = Thing("e", O(protect=True, delete_before_replace=True, depends_on=[d], parent=h), size=3)
f = Thing("f", O(delete_before_replace=True, depends_on=[a, e], provider=p), size=2, replaceMe=d.arn)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

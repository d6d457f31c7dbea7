import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="two")
a = Thing("ax", O(ignore_changes=["size"], parent=h, aliases=[Alias(name="a")]), size=2)
b = Thing("bx", O(depends_on=[a], parent=g, aliases=[Alias(name="b")]), size=2, replaceMe=9)
c = Thing("c", O(depends_on=[b], provider=p), size=1, of=b.arn)
d = Thing("d", O(depends_on=[a, c]), size=3, of=a.serial, replaceMe=b.arn)
e = Thing("ex", O(delete_before_replace=True, depends_on=[d], aliases=[Alias(name="e")]), size=3, of=d.serial)
v = Thing("v", O(retain_on_delete=True, depends_on=[e]), size=2, of=d.serial)
observe("last", v.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, v.serial])

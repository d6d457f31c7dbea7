import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="two")
a = Thing("ax", O(ignore_changes=["size"], parent=h, aliases=[Alias(name="a")]), size=3)
b = Thing("b", O(depends_on=[a], parent=g), size=2, replaceMe=9)
c = Thing("c", O(depends_on=[b], provider=p), size=1, of=b.arn)
d = Thing("d", O(depends_on=[a, c], parent=h), size=3, of=a.serial, replaceMe=b.arn)
e = Thing("ex", O(delete_before_replace=True, depends_on=[d], aliases=[Alias(name="e")]), size=2, of=d.serial)
f = Thing("fx", O(depends_on=[b, e], parent=g, aliases=[Alias(name="f")]), size=1, of=d.revision, replaceMe=c.arn)
w = Thing("w", O(depends_on=[c, d, e, f], parent=h, provider=p), size=3, of=e.serial)
observe("last", w.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial, w.serial])

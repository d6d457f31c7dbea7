import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
a = Thing("ax", O(parent=g, aliases=[Alias(name="a")]), size=3)
b = Thing("bx", O(depends_on=[a], parent=g, aliases=[Alias(name="b")]), size=3)
c = Thing("cx", O(depends_on=[b], parent=h, aliases=[Alias(name="c")]), size=1, of=a.serial, replaceMe=b.arn)
e = Thing("e", O(depends_on=[b, c], parent=g), size=1, of=c.arn)
f = Thing("f", O(depends_on=[e], parent=h), size=1)
w = Thing("w", O(depends_on=[f], parent=g), size=1)
observe("last", w.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, e.serial, f.serial, w.serial])

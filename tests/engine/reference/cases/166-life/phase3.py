import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
a = Thing("ax", O(parent=g, aliases=[Alias(name="a")]), size=3)
b = Thing("bxx", O(depends_on=[a], parent=g, aliases=[Alias(name="bx")]), size=3)
e = Thing("e", O(depends_on=[b], parent=g), size=1, replaceMe=4)
f = Thing("f", O(depends_on=[e], parent=h), size=1)
w = Thing("wx", O(depends_on=[f], parent=g, aliases=[Alias(name="w")]), size=1)
observe("last", w.arn)
pulumi.export("all", [a.serial, b.serial, e.serial, f.serial, w.serial])

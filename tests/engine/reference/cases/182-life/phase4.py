import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
b = Thing("bx", O(ignore_changes=["size"], parent=g, aliases=[Alias(name="b")]), size=3)
e = Thing("ex", O(depends_on=[b], parent=h, aliases=[Alias(name="e")]), size=1)
observe("last", e.arn)
pulumi.export("all", [b.serial, e.serial])

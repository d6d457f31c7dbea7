import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("ax", O(replace_on_changes=["size"], parent=h, aliases=[Alias(name="a")]), size=3)
b = Thing("b", O(ignore_changes=["size"], depends_on=[a], parent=g), size=3)
c = Thing("c", O(depends_on=[b], parent=g), size=5, replaceMe=a.arn)
e = Thing("e", O(depends_on=[a, c], parent=h), size=1)
observe("last", e.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, e.serial])

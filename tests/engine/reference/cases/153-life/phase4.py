import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(retain_on_delete=True, delete_before_replace=True, parent=g, provider=p), size=2)
b = Thing("b", O(depends_on=[a], parent=h), size=3)
c = Thing("cxx", O(depends_on=[b], aliases=[Alias(name="cx")]), size=1, replaceMe=2)
observe("last", c.arn)
pulumi.export("all", [a.serial, b.serial, c.serial])

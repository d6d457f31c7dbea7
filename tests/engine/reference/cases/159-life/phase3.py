import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(protect=True, replace_on_changes=["size"], parent=g), size=5)
c = Thing("c", O(depends_on=[a], provider=p), size=3, replaceMe=4)
f = Thing("fx", O(protect=True, ignore_changes=["size"], depends_on=[c], aliases=[Alias(name="f")]), size=1)
observe("last", f.arn)
pulumi.export("all", [a.serial, c.serial, f.serial])

import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
c = Thing("cx", O(parent=g, provider=p, aliases=[Alias(name="c")]), size=2, replaceMe=4)
w = Thing("w", O(replace_on_changes=["size"], depends_on=[c], parent=g), size=2)
u = Thing("u", O(protect=True, depends_on=[w], parent=h), size=1, replaceMe=1)
observe("last", u.arn)
pulumi.export("all", [c.serial, w.serial, u.serial])

import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="two")
a = Thing("a", O(delete_before_replace=True, parent=g), size=3)
b = Thing("b", O(delete_before_replace=True, depends_on=[a], parent=g), size=1, of=a.serial)
c = Thing("c", O(depends_on=[b], provider=p), size=1, replaceMe=4)
e = Thing("ex", O(additional_secret_outputs=["serial"], depends_on=[b, c], parent=g, provider=p, aliases=[Alias(name="e")]), size=3, of=a.arn)
u = Thing("u", O(depends_on=[c, e], parent=g), size=3, replaceMe=a.arn)
observe("last", u.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, e.serial, u.serial])

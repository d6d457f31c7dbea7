import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="two")
a = Thing("a", O(parent=g, provider=p), size=2)
b = Thing("b", O(depends_on=[a], parent=h), size=3)
c = Thing("c", O(depends_on=[b]), size=1, replaceMe=2)
e = Thing("ex", O(replace_on_changes=["size"], depends_on=[c], aliases=[Alias(name="e")]), size=1, of=c.arn)
f = Thing("f", O(replace_on_changes=["size"], depends_on=[a, e]), size=2)
u = Thing("u", O(depends_on=[a, f]), size=2, replaceMe=f.arn)
observe("last", u.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, e.serial, f.serial, u.serial])

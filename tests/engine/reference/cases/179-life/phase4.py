import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="two")
a = Thing("ax", O(delete_before_replace=True, parent=g, aliases=[Alias(name="a")]), size=3)
c = Thing("c", O(depends_on=[a], provider=p), size=3, replaceMe=4)
e = Thing("ex", O(ignore_changes=["size"], additional_secret_outputs=["serial"], depends_on=[c], parent=g, provider=p, aliases=[Alias(name="e")]), size=3, replaceMe=5, of=a.arn)
u = Thing("ux", O(depends_on=[c, e], parent=g, aliases=[Alias(name="u")]), size=1, replaceMe=a.arn)
w = Thing("wx", O(depends_on=[u], parent=h, provider=p, aliases=[Alias(name="w")]), size=2)
v = Thing("v", O(delete_before_replace=True, depends_on=[a, w], parent=h), size=2)
observe("last", v.arn)
pulumi.export("all", [a.serial, c.serial, e.serial, u.serial, w.serial, v.serial])

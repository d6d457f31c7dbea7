import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(retain_on_delete=True), size=4)
c = Thing("cx", O(depends_on=[a], parent=h, aliases=[Alias(name="c")]), size=5, of=a.arn)
e = Thing("e", O(delete_before_replace=True, depends_on=[c]), size=4, replaceMe=5)
f = Thing("f", O(depends_on=[e]), size=4)
u = Thing("ux", O(depends_on=[f], provider=p, aliases=[Alias(name="u")]), size=3, of=f.serial, replaceMe=f.arn)
v = Thing("vx", O(delete_before_replace=True, depends_on=[u], parent=h, provider=p, aliases=[Alias(name="v")]), size=1)
observe("last", v.arn)
pulumi.export("all", [a.serial, c.serial, e.serial, f.serial, u.serial, v.serial])

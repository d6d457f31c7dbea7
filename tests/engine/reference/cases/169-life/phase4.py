import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="two")
d = Thing("d", size=3, replaceMe=8)
e = Thing("ex", O(delete_before_replace=True, depends_on=[d], aliases=[Alias(name="e")]), size=2, of=d.serial)
v = Thing("v", O(retain_on_delete=True, depends_on=[e]), size=2, replaceMe=5, of=d.serial)
u = Thing("u", O(depends_on=[e, v]), size=1)
observe("last", u.arn)
pulumi.export("all", [d.serial, e.serial, v.serial, u.serial])

import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(parent=h), size=5)
b = Thing("b", O(replace_on_changes=["size"], depends_on=[a], parent=g, provider=p), size=1, of=a.serial)
c = Thing("c", O(depends_on=[b], parent=h), size=1, of=a.arn)
d = Thing("d", O(delete_before_replace=True, depends_on=[c], parent=h, provider=p), size=3, replaceMe=c.arn)
f = Thing("f", O(delete_before_replace=True, depends_on=[b, d]), size=3, replaceMe=6)
v = Thing("v", O(retain_on_delete=True, delete_before_replace=True, depends_on=[a, f]), size=1)
u = Thing("u", O(depends_on=[a, b, v]), size=1, replaceMe=d.arn)
observe("last", u.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, f.serial, v.serial, u.serial])

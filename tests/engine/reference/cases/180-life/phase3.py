import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(protect=True, ignore_changes=["size"], additional_secret_outputs=["serial"], provider=p), size=2)
b = Thing("b", O(delete_before_replace=True, depends_on=[a]), size=1)
c = Thing("c", O(depends_on=[b], parent=g, provider=p), size=2, of=b.arn, replaceMe=b.arn)
d = Thing("d", O(retain_on_delete=True, depends_on=[b, c], parent=h), size=4)
e = Thing("e", O(depends_on=[b, c, d], parent=h), size=4, replaceMe=9)
f = Thing("f", O(depends_on=[b, c, e]), size=3, replaceMe=a.arn)
u = Thing("u", O(delete_before_replace=True, depends_on=[d, f]), size=5, of=e.serial)
w = Thing("w", O(delete_before_replace=True, ignore_changes=["size"], depends_on=[u], provider=p), size=3)
observe("last", w.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial, u.serial, w.serial])

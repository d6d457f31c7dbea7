import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="two")
a = Thing("a", O(protect=True, ignore_changes=["size"], additional_secret_outputs=["serial"], provider=p), size=2, replaceMe=1)
c = Thing("c", O(depends_on=[a], parent=g, provider=p), size=2)
d = Thing("d", O(retain_on_delete=True, depends_on=[c], parent=h), size=1)
e = Thing("e", O(ignore_changes=["size"], replace_on_changes=["size"], depends_on=[c, d], parent=h), size=4, replaceMe=9)
f = Thing("f", O(depends_on=[c, e]), size=3, replaceMe=a.arn)
u = Thing("u", O(delete_before_replace=True, depends_on=[d, f]), size=5, replaceMe=8, of=e.serial)
w = Thing("w", O(delete_before_replace=True, ignore_changes=["size"], depends_on=[u], provider=p), size=3, replaceMe=4)
observe("last", w.arn)
pulumi.export("all", [a.serial, c.serial, d.serial, e.serial, f.serial, u.serial, w.serial])

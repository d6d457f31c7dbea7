import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
c = Thing("cx", O(delete_before_replace=True, ignore_changes=["size"], aliases=[Alias(name="c")]), size=3, replaceMe=3)
d = Thing("dx", O(delete_before_replace=True, depends_on=[c], aliases=[Alias(name="d")]), size=3)
e = Thing("exx", O(retain_on_delete=True, delete_before_replace=True, depends_on=[d], parent=h, aliases=[Alias(name="ex")]), size=2, of=c.serial)
f = Thing("f", O(depends_on=[d, e]), size=3, replaceMe=3)
v = Thing("v", O(depends_on=[d, f]), size=5)
w = Thing("w", O(protect=True, delete_before_replace=True, depends_on=[v], parent=g, provider=p), size=1)
observe("last", w.arn)
pulumi.export("all", [c.serial, d.serial, e.serial, f.serial, v.serial, w.serial])

import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
c = Thing("c", O(delete_before_replace=True, ignore_changes=["size"]), size=3, replaceMe=3)
d = Thing("d", O(delete_before_replace=True, depends_on=[c]), size=3)
e = Thing("ex", O(retain_on_delete=True, delete_before_replace=True, depends_on=[d], parent=h, aliases=[Alias(name="e")]), size=2, of=c.serial)
f = Thing("f", O(depends_on=[d, e]), size=1, replaceMe=3)
v = Thing("v", O(depends_on=[d, f]), size=2)
observe("last", v.arn)
pulumi.export("all", [c.serial, d.serial, e.serial, f.serial, v.serial])

import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
a = Thing("a", O(replace_on_changes=["size"], parent=g), size=3)
c = Thing("c", O(delete_before_replace=True, ignore_changes=["size"], depends_on=[a]), size=3, replaceMe=3)
d = Thing("d", O(delete_before_replace=True, depends_on=[c]), size=1)
e = Thing("e", O(retain_on_delete=True, delete_before_replace=True, depends_on=[d], parent=h), size=2, of=c.serial)
f = Thing("f", O(depends_on=[d, e]), size=1, replaceMe=3, of=a.arn)
observe("last", f.arn)
pulumi.export("all", [a.serial, c.serial, d.serial, e.serial, f.serial])

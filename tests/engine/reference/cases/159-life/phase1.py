import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
a = Thing("a", O(protect=True, replace_on_changes=["size"]), size=2)
b = Thing("b", O(delete_before_replace=True, ignore_changes=["size"], depends_on=[a], parent=g), size=3)
c = Thing("c", O(depends_on=[b]), size=2)
d = Thing("d", O(delete_before_replace=True, replace_on_changes=["size"], depends_on=[c]), size=1, of=a.serial)
e = Thing("e", O(replace_on_changes=["size"], depends_on=[d], parent=h), size=2, of=d.arn, replaceMe=d.arn)
f = Thing("f", O(protect=True, ignore_changes=["size"], depends_on=[e]), size=2)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

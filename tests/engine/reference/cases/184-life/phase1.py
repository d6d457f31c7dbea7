import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
a = Thing("a", size=2)
b = Thing("b", O(protect=True, delete_before_replace=True, replace_on_changes=["size"], depends_on=[a], parent=h), size=1, of=a.serial)
c = Thing("c", O(protect=True, ignore_changes=["size"], depends_on=[b]), size=1, replaceMe=b.arn)
d = Thing("d", O(replace_on_changes=["size"], depends_on=[b, c], parent=g), size=1)
e = Thing("e", O(depends_on=[b, d]), size=2)
f = Thing("f", O(depends_on=[b, c, e], parent=h), size=1, of=a.revision)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

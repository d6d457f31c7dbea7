import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
a = Thing("a", O(protect=True, delete_before_replace=True, replace_on_changes=["size"]), size=3)
b = Thing("b", O(protect=True, depends_on=[a], parent=h), size=2)
c = Thing("c", O(depends_on=[b], parent=g), size=1)
d = Thing("d", O(depends_on=[a, c], parent=g), size=2, of=a.arn, replaceMe=c.arn)
e = Thing("e", O(depends_on=[d], parent=h), size=1, replaceMe=d.arn)
f = Thing("f", O(replace_on_changes=["size"], depends_on=[d, e]), size=1)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

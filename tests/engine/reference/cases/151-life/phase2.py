import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(protect=True, parent=h), size=5)
b = Thing("b", O(delete_before_replace=True, depends_on=[a]), size=3, replaceMe=a.arn, of=a.serial)
c = Thing("c", O(depends_on=[b], parent=g), size=4)
d = Thing("d", O(depends_on=[c]), size=3, replaceMe=6)
e = Thing("e", O(depends_on=[c, d], parent=h), size=3, replaceMe=b.arn)
f = Thing("f", O(delete_before_replace=True, replace_on_changes=["size"], depends_on=[b, c, e], parent=g), size=2)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

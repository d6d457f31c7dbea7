import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
a = Thing("a", O(protect=True, ignore_changes=["size"], additional_secret_outputs=["serial"]), size=3)
b = Thing("b", O(delete_before_replace=True, depends_on=[a], parent=g), size=2)
c = Thing("c", O(depends_on=[b], parent=g), size=2, of=b.arn, replaceMe=b.arn)
d = Thing("d", O(retain_on_delete=True, depends_on=[b, c], parent=h), size=1)
e = Thing("e", O(depends_on=[b, c, d], parent=h), size=2)
f = Thing("f", O(depends_on=[b, c, e]), size=3, replaceMe=a.arn)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

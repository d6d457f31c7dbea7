import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(parent=h), size=1)
b = Thing("b", O(retain_on_delete=True, additional_secret_outputs=["serial"], depends_on=[a], parent=g), size=1, replaceMe=a.arn, of=a.revision)
c = Thing("c", O(replace_on_changes=["size"], depends_on=[b], parent=h), size=5, of=a.arn)
d = Thing("d", O(retain_on_delete=True, delete_before_replace=True, depends_on=[a, b, c], parent=g), size=3, of=b.revision)
e = Thing("e", O(retain_on_delete=True, depends_on=[c, d], parent=g), size=2)
f = Thing("f", O(protect=True, replace_on_changes=["size"], depends_on=[c, e], parent=g), size=2, of=e.serial)
u = Thing("u", O(depends_on=[b, c, f]), size=1, of=a.revision)
observe("last", u.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial, u.serial])

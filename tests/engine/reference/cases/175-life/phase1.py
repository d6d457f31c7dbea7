import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
a = Thing("a", O(parent=g), size=2)
b = Thing("b", O(delete_before_replace=True, ignore_changes=["size"], depends_on=[a], parent=h), size=1, replaceMe=a.arn)
c = Thing("c", O(delete_before_replace=True, replace_on_changes=["size"], depends_on=[b], parent=g), size=3)
d = Thing("d", O(protect=True, depends_on=[c], parent=h), size=2, of=b.revision)
e = Thing("e", O(retain_on_delete=True, ignore_changes=["size"], replace_on_changes=["size"], depends_on=[a, d], parent=g), size=2)
f = Thing("f", O(additional_secret_outputs=["serial"], depends_on=[b, e]), size=2)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

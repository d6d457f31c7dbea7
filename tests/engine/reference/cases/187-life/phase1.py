import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
a = Thing("a", O(delete_before_replace=True, replace_on_changes=["size"], parent=h), size=2)
b = Thing("b", O(delete_before_replace=True, ignore_changes=["size"], depends_on=[a], parent=h), size=2)
c = Thing("c", O(ignore_changes=["size"], replace_on_changes=["size"], depends_on=[b], parent=g), size=2, of=b.revision, replaceMe=b.arn)
d = Thing("d", O(protect=True, retain_on_delete=True, additional_secret_outputs=["serial"], depends_on=[a, c]), size=1)
e = Thing("e", O(depends_on=[a, d]), size=2, replaceMe=d.arn)
f = Thing("f", O(replace_on_changes=["size"], depends_on=[c, e]), size=3)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

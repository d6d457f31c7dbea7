import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
a = Thing("a", O(protect=True, replace_on_changes=["size"], parent=g), size=3)
b = Thing("b", O(delete_before_replace=True, depends_on=[a], parent=g), size=2, of=a.serial, replaceMe=a.arn)
c = Thing("c", O(delete_before_replace=True, depends_on=[b]), size=1, replaceMe=b.arn)
d = Thing("d", O(depends_on=[c], parent=g), size=3, of=a.arn)
e = Thing("e", O(additional_secret_outputs=["serial"], depends_on=[d]), size=3, of=a.revision)
f = Thing("f", O(delete_before_replace=True, depends_on=[c, e], parent=h), size=1)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

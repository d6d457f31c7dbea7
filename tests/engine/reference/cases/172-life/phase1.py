import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
a = Thing("a", O(delete_before_replace=True, additional_secret_outputs=["serial"], parent=g), size=3)
b = Thing("b", O(depends_on=[a], parent=g), size=2, replaceMe=a.arn)
c = Thing("c", O(replace_on_changes=["size"], depends_on=[b]), size=3)
d = Thing("d", O(replace_on_changes=["size"], depends_on=[c]), size=1, of=a.serial)
e = Thing("e", O(replace_on_changes=["size"], depends_on=[d]), size=3)
f = Thing("f", O(depends_on=[e], parent=h), size=2, of=c.revision)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(ignore_changes=["size"], replace_on_changes=["size"], parent=g), size=2)
b = Thing("b", O(protect=True, depends_on=[a], parent=g), size=3, of=a.revision)
c = Thing("c", O(protect=True, depends_on=[b]), size=1, of=a.serial)
d = Thing("d", O(protect=True, depends_on=[c]), size=2, of=a.arn)
e = Thing("e", O(ignore_changes=["size"], depends_on=[d], parent=h), size=1, of=b.arn)
f = Thing("f", O(additional_secret_outputs=["serial"], depends_on=[c, e], parent=g), size=2, replaceMe=d.arn)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
a = Thing("a", O(additional_secret_outputs=["serial"]), size=3)
b = Thing("b", O(depends_on=[a], parent=h), size=1, replaceMe=a.arn)
c = Thing("c", O(depends_on=[b]), size=1, of=b.revision)
d = Thing("d", O(ignore_changes=["size"], depends_on=[c], parent=g), size=1, of=a.revision)
e = Thing("e", O(replace_on_changes=["size"], depends_on=[a, b, d], parent=h), size=3, of=d.arn, replaceMe=c.arn)
f = Thing("f", O(depends_on=[a, e], parent=h), size=2)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(parent=g), size=1)
b = Thing("b", O(delete_before_replace=True, additional_secret_outputs=["serial"], depends_on=[a], parent=g), size=2, of=a.revision, replaceMe=a.arn)
c = Thing("c", O(depends_on=[b], parent=h, provider=p), size=1)
d = Thing("d", O(depends_on=[b, c], parent=g), size=1)
e = Thing("e", O(protect=True, depends_on=[d]), size=2, of=b.revision)
f = Thing("f", O(protect=True, replace_on_changes=["size"], depends_on=[e], parent=g), size=2)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

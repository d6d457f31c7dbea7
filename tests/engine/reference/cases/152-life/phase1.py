import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(additional_secret_outputs=["serial"], parent=h), size=3)
b = Thing("b", O(protect=True, depends_on=[a], parent=g), size=2, of=a.revision, replaceMe=a.arn)
c = Thing("c", O(depends_on=[b], parent=g, provider=p), size=1)
d = Thing("d", O(delete_before_replace=True, depends_on=[b, c], parent=g), size=1)
e = Thing("e", O(depends_on=[d], parent=h), size=3, of=b.revision)
f = Thing("f", O(ignore_changes=["size"], depends_on=[a, d, e], parent=h), size=3)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

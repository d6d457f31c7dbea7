import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(ignore_changes=["size"], parent=h), size=3)
b = Thing("b", O(depends_on=[a], parent=g), size=2)
c = Thing("c", O(depends_on=[b], provider=p), size=3, of=b.arn)
d = Thing("d", O(depends_on=[a, c], parent=h), size=3, of=a.serial, replaceMe=b.arn)
e = Thing("e", O(delete_before_replace=True, depends_on=[d]), size=2, of=d.serial)
f = Thing("f", O(depends_on=[b, e], parent=g), size=1, of=d.revision, replaceMe=c.arn)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

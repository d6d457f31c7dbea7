import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(parent=h), size=1)
b = Thing("b", O(ignore_changes=["size"], depends_on=[a], parent=h), size=1, of=a.revision)
c = Thing("c", O(replace_on_changes=["size"], depends_on=[b], parent=h, provider=p), size=1, of=b.revision, replaceMe=b.arn)
d = Thing("d", O(delete_before_replace=True, depends_on=[a, c], parent=h), size=3, of=b.serial)
e = Thing("e", O(depends_on=[b, d]), size=3, replaceMe=c.arn)
f = Thing("f", O(depends_on=[a, e]), size=1, of=c.serial)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", size=1)
b = Thing("b", O(depends_on=[a], provider=p), size=2, of=a.arn, replaceMe=a.arn)
c = Thing("c", O(depends_on=[b], parent=h), size=2, of=a.arn, replaceMe=b.arn)
d = Thing("d", O(delete_before_replace=True, depends_on=[c], parent=g), size=3)
e = Thing("e", O(delete_before_replace=True, depends_on=[d]), size=2, of=b.revision, replaceMe=b.arn)
f = Thing("f", O(depends_on=[b, d, e]), size=2)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

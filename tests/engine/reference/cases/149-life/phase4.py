import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
b = Thing("b", O(ignore_changes=["size"], parent=h), size=3, replaceMe=1)
c = Thing("c", O(replace_on_changes=["size"], depends_on=[b], parent=h, provider=p), size=1, replaceMe=b.arn, of=b.revision)
d = Thing("d", O(delete_before_replace=True, depends_on=[c]), size=3, of=b.serial)
e = Thing("e", O(depends_on=[b, d]), size=2, replaceMe=c.arn)
v = Thing("v", O(depends_on=[e]), size=3, replaceMe=c.arn)
observe("last", v.arn)
pulumi.export("all", [b.serial, c.serial, d.serial, e.serial, v.serial])

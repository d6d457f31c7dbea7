import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(provider=p), size=2)
b = Thing("b", O(delete_before_replace=True, depends_on=[a]), size=2)
c = Thing("c", O(delete_before_replace=True, replace_on_changes=["size"], depends_on=[a, b], parent=g), size=3)
d = Thing("d", O(delete_before_replace=True, ignore_changes=["size"], depends_on=[c]), size=2)
e = Thing("e", O(delete_before_replace=True, ignore_changes=["size"], depends_on=[d]), size=3, of=a.arn)
w = Thing("w", O(delete_before_replace=True, depends_on=[a, d, e]), size=2)
observe("last", w.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, w.serial])

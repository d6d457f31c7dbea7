import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(provider=p), size=2)
b = Thing("b", O(ignore_changes=["size"], depends_on=[a]), size=3)
c = Thing("c", O(delete_before_replace=True, replace_on_changes=["size"], depends_on=[a, b]), size=3, replaceMe=8)
d = Thing("d", O(retain_on_delete=True, depends_on=[c]), size=2)
e = Thing("e", O(delete_before_replace=True, ignore_changes=["size"], depends_on=[d]), size=1, of=a.arn)
w = Thing("w", O(delete_before_replace=True, depends_on=[a, d, e], parent=g), size=3)
v = Thing("v", O(ignore_changes=["size"], replace_on_changes=["size"], depends_on=[d, w], parent=h), size=1, of=d.arn)
observe("last", v.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, w.serial, v.serial])

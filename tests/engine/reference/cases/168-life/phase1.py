import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(retain_on_delete=True, ignore_changes=["size"], replace_on_changes=["size"], provider=p), size=2)
b = Thing("b", O(delete_before_replace=True, depends_on=[a]), size=3)
c = Thing("c", O(delete_before_replace=True, replace_on_changes=["size"], depends_on=[a, b]), size=3)
d = Thing("d", O(delete_before_replace=True, ignore_changes=["size"], depends_on=[c]), size=2)
e = Thing("e", O(delete_before_replace=True, ignore_changes=["size"], depends_on=[d]), size=2, of=a.arn)
f = Thing("f", O(ignore_changes=["size"], depends_on=[e], parent=h, provider=p), size=3)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

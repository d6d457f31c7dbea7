import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(parent=g), size=4)
b = Thing("b", O(retain_on_delete=True, depends_on=[a], parent=g), size=3)
d = Thing("d", O(delete_before_replace=True, depends_on=[b]), size=2)
e = Thing("e", O(depends_on=[d]), size=5, replaceMe=3, of=a.arn)
f = Thing("f", O(retain_on_delete=True, depends_on=[e], parent=g, provider=p), size=2)
u = Thing("u", O(retain_on_delete=True, depends_on=[f], parent=h, provider=p), size=3, replaceMe=4)
v = Thing("vx", O(depends_on=[a, f, u], aliases=[Alias(name="v")]), size=1, replaceMe=u.arn)
w = Thing("w", O(replace_on_changes=["size"], depends_on=[a, b, v], parent=h), size=4, of=d.serial, replaceMe=e.arn)
observe("last", w.arn)
pulumi.export("all", [a.serial, b.serial, d.serial, e.serial, f.serial, u.serial, v.serial, w.serial])

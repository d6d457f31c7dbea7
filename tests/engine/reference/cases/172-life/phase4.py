import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(delete_before_replace=True, additional_secret_outputs=["serial"], parent=g), size=3, replaceMe=8)
b = Thing("b", O(depends_on=[a], provider=p), size=2, replaceMe=a.arn)
c = Thing("c", O(replace_on_changes=["size"], depends_on=[b], parent=g), size=2, replaceMe=2)
d = Thing("d", O(replace_on_changes=["size"], depends_on=[c]), size=5, replaceMe=3, of=a.serial)
e = Thing("e", O(additional_secret_outputs=["serial"], depends_on=[d], parent=g, provider=p), size=1)
u = Thing("u", O(retain_on_delete=True, depends_on=[e], parent=h), size=1)
v = Thing("v", O(additional_secret_outputs=["serial"], depends_on=[u], provider=p), size=3, of=a.serial)
observe("last", v.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, u.serial, v.serial])

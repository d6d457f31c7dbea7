import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
b = Thing("bx", O(delete_before_replace=True, aliases=[Alias(name="b")]), size=3, replaceMe=3)
c = Thing("c", O(depends_on=[b], parent=g), size=4)
d = Thing("d", O(retain_on_delete=True, delete_before_replace=True, depends_on=[c]), size=3, replaceMe=6)
e = Thing("e", O(depends_on=[c, d], parent=h), size=1, replaceMe=b.arn)
f = Thing("f", O(retain_on_delete=True, depends_on=[b, c, e], parent=g), size=2)
w = Thing("w", O(replace_on_changes=["size"], depends_on=[b, d, f], parent=h), size=4)
u = Thing("u", O(ignore_changes=["size"], additional_secret_outputs=["serial"], depends_on=[d, w]), size=3, of=d.serial)
observe("last", u.arn)
pulumi.export("all", [b.serial, c.serial, d.serial, e.serial, f.serial, w.serial, u.serial])

import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
a = Thing("a", O(delete_before_replace=True, additional_secret_outputs=["serial"]), size=3)
b = Thing("b", O(depends_on=[a], parent=g), size=2, replaceMe=a.arn)
c = Thing("c", O(replace_on_changes=["size"], depends_on=[b]), size=2)
d = Thing("d", O(replace_on_changes=["size"], depends_on=[c]), size=5, of=a.serial)
e = Thing("e", O(replace_on_changes=["size"], depends_on=[d]), size=1)
f = Thing("fx", O(depends_on=[e], parent=h, aliases=[Alias(name="f")]), size=2, of=c.revision)
u = Thing("u", O(delete_before_replace=True, depends_on=[a, f]), size=2)
observe("last", u.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial, u.serial])

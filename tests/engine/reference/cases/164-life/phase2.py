import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(delete_before_replace=True, ignore_changes=["size"], parent=h), size=3)
b = Thing("b", O(additional_secret_outputs=["serial"], depends_on=[a], parent=h, provider=p), size=3, replaceMe=a.arn, of=a.revision)
c = Thing("c", O(depends_on=[b], parent=g), size=4, of=a.serial)
d = Thing("d", O(delete_before_replace=True, replace_on_changes=["size"], depends_on=[c], parent=g, provider=p), size=1, of=c.serial)
e = Thing("e", O(replace_on_changes=["size"], depends_on=[d], provider=p), size=1, of=a.serial)
u = Thing("u", O(retain_on_delete=True, delete_before_replace=True, replace_on_changes=["size"], depends_on=[e], parent=h), size=1)
observe("last", u.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, u.serial])

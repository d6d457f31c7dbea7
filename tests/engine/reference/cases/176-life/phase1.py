import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(parent=h), size=3)
b = Thing("b", O(depends_on=[a], parent=h), size=2)
c = Thing("c", O(retain_on_delete=True, delete_before_replace=True, additional_secret_outputs=["serial"], depends_on=[a, b], parent=g), size=1, replaceMe=b.arn)
d = Thing("d", O(replace_on_changes=["size"], depends_on=[c], provider=p), size=2, of=b.arn)
e = Thing("e", O(depends_on=[d], parent=g, provider=p), size=2)
f = Thing("f", O(replace_on_changes=["size"], depends_on=[d, e]), size=2, of=d.arn)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

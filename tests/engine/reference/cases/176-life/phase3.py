import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(retain_on_delete=True, parent=h), size=1)
b = Thing("b", O(depends_on=[a], parent=h), size=2)
c = Thing("c", O(retain_on_delete=True, delete_before_replace=True, additional_secret_outputs=["serial"], depends_on=[a, b], parent=g), size=1, replaceMe=b.arn)
d = Thing("d", O(protect=True, ignore_changes=["size"], depends_on=[c], provider=p), size=2, of=b.arn)
e = Thing("ex", O(depends_on=[d], parent=g, provider=p, aliases=[Alias(name="e")]), size=2)
f = Thing("f", O(replace_on_changes=["size"], depends_on=[d, e]), size=5, of=d.arn)
w = Thing("w", O(delete_before_replace=True, depends_on=[b, c, d, f]), size=1, of=b.arn)
observe("last", w.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial, w.serial])

import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("ax", O(parent=g, aliases=[Alias(name="a")]), size=1)
b = Thing("b", O(additional_secret_outputs=["serial"], depends_on=[a], parent=h, provider=p), size=4, of=a.serial, replaceMe=a.arn)
c = Thing("c", O(protect=True, delete_before_replace=True, depends_on=[a, b], parent=h), size=2, of=b.revision, replaceMe=a.arn)
d = Thing("d", O(additional_secret_outputs=["serial"], depends_on=[c], parent=g), size=3)
e = Thing("e", O(retain_on_delete=True, depends_on=[d], parent=h), size=1, replaceMe=d.arn, of=b.revision)
f = Thing("f", O(depends_on=[a, e], parent=g, provider=p), size=2)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

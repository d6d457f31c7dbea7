import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(delete_before_replace=True, provider=p), size=1)
b = Thing("b", O(depends_on=[a], parent=h), size=3, of=a.revision, replaceMe=a.arn)
c = Thing("c", O(depends_on=[b], parent=g, provider=p), size=2)
d = Thing("d", O(retain_on_delete=True, additional_secret_outputs=["serial"], depends_on=[a, b, c], parent=h, provider=p), size=2, of=c.arn, replaceMe=a.arn)
e = Thing("e", O(ignore_changes=["size"], depends_on=[d]), size=3)
f = Thing("f", O(depends_on=[d, e], parent=h, provider=p), size=1)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

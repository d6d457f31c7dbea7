import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(parent=g, provider=p), size=2)
b = Thing("b", O(depends_on=[a], parent=g), size=1, of=a.serial, replaceMe=a.arn)
c = Thing("c", O(replace_on_changes=["size"], depends_on=[a, b]), size=1, replaceMe=5)
d = Thing("d", O(depends_on=[c], parent=h), size=3, of=b.serial)
e = Thing("e", O(depends_on=[a, c, d], parent=g, provider=p), size=1, replaceMe=2, of=b.revision)
f = Thing("f", O(retain_on_delete=True, depends_on=[b, e], parent=g), size=2, of=b.revision)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

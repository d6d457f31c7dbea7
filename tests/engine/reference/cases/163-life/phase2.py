import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(additional_secret_outputs=["serial"]), size=5)
b = Thing("bx", O(depends_on=[a], parent=h, aliases=[Alias(name="b")]), size=1, replaceMe=a.arn)
d = Thing("d", O(ignore_changes=["size"], depends_on=[b], parent=g, provider=p), size=5, of=a.revision)
e = Thing("e", O(replace_on_changes=["size"], depends_on=[a, b, d], parent=h), size=3, of=d.arn)
f = Thing("f", O(depends_on=[a, e], parent=h, provider=p), size=2)
u = Thing("u", O(depends_on=[f], parent=h, provider=p), size=3, replaceMe=f.arn)
w = Thing("w", O(depends_on=[d, f, u], parent=g), size=1, of=d.arn)
observe("last", w.arn)
pulumi.export("all", [a.serial, b.serial, d.serial, e.serial, f.serial, u.serial, w.serial])

import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="two")
a = Thing("a", O(delete_before_replace=True, parent=g), size=3)
c = Thing("c", O(depends_on=[a], provider=p), size=3, replaceMe=4)
e = Thing("ex", O(ignore_changes=["size"], additional_secret_outputs=["serial"], depends_on=[c], parent=g, provider=p, aliases=[Alias(name="e")]), size=3, of=a.arn)
u = Thing("u", O(depends_on=[c, e], parent=g), size=1, replaceMe=a.arn)
w = Thing("w", O(depends_on=[u], parent=h, provider=p), size=2)
observe("last", w.arn)
pulumi.export("all", [a.serial, c.serial, e.serial, u.serial, w.serial])

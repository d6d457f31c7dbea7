import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(delete_before_replace=True, ignore_changes=["size"], parent=h), size=5, replaceMe=9)
b = Thing("b", O(delete_before_replace=True, depends_on=[a], parent=h, provider=p), size=3, replaceMe=a.arn, of=a.revision)
c = Thing("cx", O(delete_before_replace=True, depends_on=[b], parent=g, aliases=[Alias(name="c")]), size=4, of=a.serial)
d = Thing("d", O(delete_before_replace=True, replace_on_changes=["size"], depends_on=[c], provider=p), size=4, of=c.serial)
e = Thing("e", O(replace_on_changes=["size"], depends_on=[d], provider=p), size=2, of=a.serial)
v = Thing("v", O(depends_on=[e]), size=2, replaceMe=e.arn)
observe("last", v.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, v.serial])

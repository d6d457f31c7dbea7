import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="two")
a = Thing("a", O(retain_on_delete=True, delete_before_replace=True, parent=g, provider=p), size=2)
b = Thing("b", O(depends_on=[a], parent=h), size=3)
c = Thing("cx", O(depends_on=[b], aliases=[Alias(name="c")]), size=1, replaceMe=2)
e = Thing("ex", O(replace_on_changes=["size"], depends_on=[c], aliases=[Alias(name="e")]), size=3, of=c.arn)
f = Thing("f", O(replace_on_changes=["size"], depends_on=[a, e]), size=1)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, e.serial, f.serial])

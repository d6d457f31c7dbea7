import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(delete_before_replace=True, provider=p), size=1, replaceMe=8)
b = Thing("b", O(depends_on=[a], parent=h), size=3, of=a.revision, replaceMe=a.arn)
c = Thing("cx", O(depends_on=[b], parent=g, provider=p, aliases=[Alias(name="c")]), size=2)
f = Thing("f", O(depends_on=[c], parent=h, provider=p), size=5)
w = Thing("w", O(replace_on_changes=["size"], depends_on=[f], parent=g), size=2, of=a.arn)
observe("last", w.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, f.serial, w.serial])

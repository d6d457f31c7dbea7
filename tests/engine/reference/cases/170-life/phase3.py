import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
a = Thing("a", O(ignore_changes=["size"], parent=g), size=5)
c = Thing("cx", O(retain_on_delete=True, depends_on=[a], parent=g, aliases=[Alias(name="c")]), size=2, replaceMe=a.arn)
e = Thing("e", O(depends_on=[c], parent=g), size=4, of=a.revision)
f = Thing("f", O(delete_before_replace=True, depends_on=[c, e], parent=h), size=4)
w = Thing("w", O(ignore_changes=["size"], depends_on=[f], parent=g), size=3)
observe("last", w.arn)
pulumi.export("all", [a.serial, c.serial, e.serial, f.serial, w.serial])

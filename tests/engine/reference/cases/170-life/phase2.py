import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
a = Thing("a", O(ignore_changes=["size"], parent=g), size=1)
b = Thing("b", O(depends_on=[a]), size=2)
c = Thing("cx", O(retain_on_delete=True, depends_on=[b], parent=h, aliases=[Alias(name="c")]), size=2, of=b.revision, replaceMe=a.arn)
e = Thing("e", O(depends_on=[c], parent=g), size=2, of=a.revision)
f = Thing("f", O(delete_before_replace=True, depends_on=[c, e], parent=h), size=4)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, e.serial, f.serial])

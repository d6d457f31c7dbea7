import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
b = Thing("bx", O(delete_before_replace=True, ignore_changes=["size"], parent=h, aliases=[Alias(name="b")]), size=2)
c = Thing("cx", O(ignore_changes=["size"], replace_on_changes=["size"], depends_on=[b], parent=g, aliases=[Alias(name="c")]), size=2, of=b.revision, replaceMe=b.arn)
e = Thing("e", O(depends_on=[c]), size=2)
f = Thing("f", O(replace_on_changes=["size"], depends_on=[c, e]), size=4)
w = Thing("w", O(protect=True, replace_on_changes=["size"], depends_on=[f], parent=h), size=2)
observe("last", w.arn)
pulumi.export("all", [b.serial, c.serial, e.serial, f.serial, w.serial])

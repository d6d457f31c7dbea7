import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
b = Thing("bx", O(delete_before_replace=True, ignore_changes=["size"], parent=h, aliases=[Alias(name="b")]), size=3)
f = Thing("f", O(replace_on_changes=["size"], depends_on=[b]), size=4)
w = Thing("w", O(protect=True, replace_on_changes=["size"], depends_on=[f], parent=h), size=2, replaceMe=3)
u = Thing("u", O(ignore_changes=["size"], depends_on=[b, w], parent=g), size=3, of=b.serial)
observe("last", u.arn)
pulumi.export("all", [b.serial, f.serial, w.serial, u.serial])

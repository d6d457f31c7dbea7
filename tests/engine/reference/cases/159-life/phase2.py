import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
a = Thing("a", O(protect=True, replace_on_changes=["size"]), size=5)
b = Thing("b", O(delete_before_replace=True, ignore_changes=["size"], depends_on=[a], parent=g), size=2)
c = Thing("c", O(depends_on=[b]), size=2, replaceMe=4)
d = Thing("d", O(delete_before_replace=True, replace_on_changes=["size"], depends_on=[c]), size=3, of=a.serial)
f = Thing("fx", O(protect=True, ignore_changes=["size"], depends_on=[d], aliases=[Alias(name="f")]), size=2)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, f.serial])

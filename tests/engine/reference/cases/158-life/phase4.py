import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
a = Thing("ax", O(protect=True, delete_before_replace=True, replace_on_changes=["size"], aliases=[Alias(name="a")]), size=3)
d = Thing("d", O(depends_on=[a], parent=g), size=3, replaceMe=4, of=a.arn)
e = Thing("e", O(depends_on=[d], parent=h), size=5, replaceMe=d.arn)
f = Thing("f", O(replace_on_changes=["size"], depends_on=[d, e]), size=3)
u = Thing("u", O(depends_on=[e, f], parent=g), size=5)
v = Thing("v", O(depends_on=[e, u], parent=h), size=1, replaceMe=e.arn)
w = Thing("w", O(delete_before_replace=True, depends_on=[a, f, v]), size=3, of=u.serial)
observe("last", w.arn)
pulumi.export("all", [a.serial, d.serial, e.serial, f.serial, u.serial, v.serial, w.serial])

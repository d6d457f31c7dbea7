import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
a = Thing("ax", O(protect=True, delete_before_replace=True, replace_on_changes=["size"], aliases=[Alias(name="a")]), size=3)
b = Thing("b", O(protect=True, depends_on=[a]), size=3)
d = Thing("d", O(depends_on=[a, b], parent=g), size=3, replaceMe=8, of=a.arn)
e = Thing("e", O(depends_on=[d], parent=h), size=1, replaceMe=d.arn)
f = Thing("f", O(replace_on_changes=["size"], depends_on=[d, e]), size=3)
u = Thing("u", O(depends_on=[e, f], parent=g), size=5)
observe("last", u.arn)
pulumi.export("all", [a.serial, b.serial, d.serial, e.serial, f.serial, u.serial])

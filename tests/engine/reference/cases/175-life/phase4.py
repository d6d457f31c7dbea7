import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
a = Thing("a", O(parent=g), size=2)
e = Thing("e", O(retain_on_delete=True, ignore_changes=["size"], replace_on_changes=["size"], depends_on=[a], parent=g), size=1, replaceMe=4)
f = Thing("f", O(additional_secret_outputs=["serial"], depends_on=[e]), size=4, replaceMe=3)
u = Thing("u", O(retain_on_delete=True, depends_on=[f]), size=1, replaceMe=f.arn)
w = Thing("w", O(protect=True, replace_on_changes=["size"], depends_on=[u], parent=h), size=1, of=a.arn)
observe("last", w.arn)
pulumi.export("all", [a.serial, e.serial, f.serial, u.serial, w.serial])

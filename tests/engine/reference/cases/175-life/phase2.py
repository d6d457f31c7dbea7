import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
a = Thing("a", O(parent=g), size=2)
d = Thing("d", O(protect=True, depends_on=[a], parent=h), size=2, replaceMe=3)
e = Thing("e", O(retain_on_delete=True, ignore_changes=["size"], replace_on_changes=["size"], depends_on=[a, d], parent=g), size=2, replaceMe=4)
f = Thing("f", O(additional_secret_outputs=["serial"], depends_on=[e]), size=2)
observe("last", f.arn)
pulumi.export("all", [a.serial, d.serial, e.serial, f.serial])

import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
a = Thing("a", O(protect=True, replace_on_changes=["size"], parent=g), size=1)
b = Thing("b", O(ignore_changes=["size"], depends_on=[a], parent=g), size=2, of=a.serial, replaceMe=a.arn)
c = Thing("c", O(delete_before_replace=True, depends_on=[b]), size=1, replaceMe=b.arn)
e = Thing("e", O(additional_secret_outputs=["serial"], depends_on=[c]), size=3, of=a.revision)
w = Thing("w", O(delete_before_replace=True, depends_on=[e], parent=h), size=1)
observe("last", w.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, e.serial, w.serial])

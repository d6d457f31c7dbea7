import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
a = Thing("a", O(protect=True, replace_on_changes=["size"], parent=g), size=1, replaceMe=8)
c = Thing("c", O(delete_before_replace=True, depends_on=[a]), size=1, replaceMe=4)
e = Thing("e", O(additional_secret_outputs=["serial"], depends_on=[c]), size=1, of=a.revision)
w = Thing("w", O(delete_before_replace=True, depends_on=[e], parent=h), size=1, replaceMe=9)
observe("last", w.arn)
pulumi.export("all", [a.serial, c.serial, e.serial, w.serial])

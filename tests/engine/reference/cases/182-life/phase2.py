import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(replace_on_changes=["size"], parent=h), size=3)
b = Thing("b", O(ignore_changes=["size"], depends_on=[a], parent=g), size=2)
c = Thing("c", O(depends_on=[b], parent=g), size=3, replaceMe=a.arn)
e = Thing("e", O(depends_on=[a, c], parent=h), size=2)
f = Thing("f", O(retain_on_delete=True, additional_secret_outputs=["serial"], depends_on=[e]), size=1, of=c.serial, replaceMe=c.arn)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, e.serial, f.serial])

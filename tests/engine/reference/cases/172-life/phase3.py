import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
a = Thing("a", O(delete_before_replace=True, additional_secret_outputs=["serial"], parent=g), size=3)
b = Thing("b", O(depends_on=[a]), size=2, replaceMe=a.arn)
c = Thing("c", O(replace_on_changes=["size"], depends_on=[b]), size=2, replaceMe=2)
d = Thing("d", O(replace_on_changes=["size"], depends_on=[c]), size=5, of=a.serial)
e = Thing("e", O(additional_secret_outputs=["serial"], depends_on=[d]), size=1)
f = Thing("fxx", O(depends_on=[e], parent=h, aliases=[Alias(name="fx")]), size=2, of=c.revision)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

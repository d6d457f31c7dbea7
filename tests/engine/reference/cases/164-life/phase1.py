import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(delete_before_replace=True, ignore_changes=["size"], parent=h), size=2)
b = Thing("b", O(additional_secret_outputs=["serial"], depends_on=[a], parent=h, provider=p), size=3, of=a.revision, replaceMe=a.arn)
c = Thing("c", O(depends_on=[b], parent=g), size=1, of=a.serial)
d = Thing("d", O(delete_before_replace=True, replace_on_changes=["size"], depends_on=[c], parent=g, provider=p), size=1, of=c.serial)
e = Thing("e", O(replace_on_changes=["size"], depends_on=[d], provider=p), size=1, of=a.serial)
f = Thing("f", O(delete_before_replace=True, ignore_changes=["size"], replace_on_changes=["size"], additional_secret_outputs=["serial"], depends_on=[b, e], provider=p), size=1, replaceMe=c.arn)
observe("last", f.arn)
pulumi.export("all", [a.serial, b.serial, c.serial, d.serial, e.serial, f.serial])

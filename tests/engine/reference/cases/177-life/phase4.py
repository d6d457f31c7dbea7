import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", O(protect=True, ignore_changes=["size"], parent=g, provider=p), size=2)
c = Thing("c", O(delete_before_replace=True, depends_on=[a], parent=h), size=2, replaceMe=3, of=a.arn)
e = Thing("e", O(ignore_changes=["size"], depends_on=[a, c]), size=3, of=c.arn)
observe("last", e.arn)
pulumi.export("all", [a.serial, c.serial, e.serial])

import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("a", size=5)
c = Thing("c", O(depends_on=[a], parent=h), size=1, of=a.arn)
e = Thing("e", O(delete_before_replace=True, depends_on=[c]), size=2, replaceMe=5)
f = Thing("f", O(depends_on=[e]), size=4)
u = Thing("u", O(depends_on=[f], provider=p), size=3, of=f.serial, replaceMe=f.arn)
observe("last", u.arn)
pulumi.export("all", [a.serial, c.serial, e.serial, f.serial, u.serial])

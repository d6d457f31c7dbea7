import pulumi
from pulumi import Alias, ResourceOptions as O
from thing import Thing, Group, RefProvider, observe

g = Group("g")
h = Group("h")
p = RefProvider("p", region="one")
a = Thing("ax", O(parent=g, aliases=[Alias(name="a")]), size=3)
e = Thing("e", O(depends_on=[a], parent=g, provider=p), size=4, replaceMe=4)
f = Thing("f", O(replace_on_changes=["size"], depends_on=[e], parent=h), size=1)
w = Thing("wx", O(replace_on_changes=["size"], depends_on=[f], parent=g, provider=p, aliases=[Alias(name="w")]), size=1)
observe("last", w.arn)
pulumi.export("all", [a.serial, e.serial, f.serial, w.serial])

from pulumi import ResourceOptions

from thing import Group, RefProvider, Thing, observe

p = RefProvider("p", region="x", token="new")
a = Thing("a", ResourceOptions(provider=p), size=2)
b = Thing("b", ResourceOptions(provider=p), target=a.arn)
g = Group("g")
c = Thing("c", ResourceOptions(parent=g), size=1)
r = Thing.get("r", "id-r")
n = Thing("n", size=1)
u = Thing("u", target=n.arn)
observe("a.size", a.size)
observe("n.arn", n.arn)

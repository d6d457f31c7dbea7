from pulumi import ResourceOptions

from thing import Group, RefProvider, Thing

p = RefProvider("p", region="x")
a = Thing("a", ResourceOptions(provider=p), size=1)
b = Thing("b", ResourceOptions(provider=p, protect=True), target=a.arn)
g = Group("g")
c = Thing("c", ResourceOptions(parent=g), size=1)
r = Thing.get("r", "id-r")
d = Thing("d", size=1)

from pulumi import ResourceOptions

from thing import Group, RefProvider, Thing

p = RefProvider("p", region="x")
a = Thing("a", ResourceOptions(provider=p), size=1)
b = Thing("b", ResourceOptions(provider=p), target=a.arn)
g = Group("g")
c = Thing("c", ResourceOptions(parent=g), size=1)
d = Thing("d", ResourceOptions(depends_on=[c]), size=1)

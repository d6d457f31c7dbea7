from pulumi import ResourceOptions

from thing import Group, RefProvider, Thing

p = RefProvider("p", region="x")
g = Group("g", ResourceOptions(providers=[p]))
a = Thing("a", ResourceOptions(parent=g), size=1)
b = Thing("b", ResourceOptions(parent=g), target=a.arn)
c = Thing("c", ResourceOptions(depends_on=[g, a]), target=b.arn)
d = Thing("d", ResourceOptions(deleted_with=a, replace_with=[b]), size=1)

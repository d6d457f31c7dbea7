from pulumi import ResourceOptions

from thing import Group, Thing

a = Thing("a", replaceMe=2)
b = Thing("b", target=a.arn)
g = Group("g", ResourceOptions(depends_on=[a]))
c = Thing("c", ResourceOptions(parent=g))
r = Thing.get("r", b.id)
d = Thing("d")
e = Thing("e", ResourceOptions(depends_on=[d]))

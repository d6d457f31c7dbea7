from pulumi import ResourceOptions

from thing import Group, RefProvider, Thing

g = Group("g")
a = Thing("a", replaceMe=1)
p = RefProvider("p", ResourceOptions(parent=g, depends_on=[a], protect=True), region=a.arn)
b = Thing("b", ResourceOptions(provider=p))

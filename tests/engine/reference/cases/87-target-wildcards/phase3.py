import pulumi

from thing import Group, Thing

g = Group("g")
child = pulumi.ResourceOptions(parent=g)
a = Thing("in-a", child, size=3)
b = Thing("in-b", child, target=a.revision, size=3)
c = Thing("out-c", size=3)
d = Thing("out-d", target=b.arn, size=3)

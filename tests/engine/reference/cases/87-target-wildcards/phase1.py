import pulumi

from thing import Group, Thing

g = Group("g")
child = pulumi.ResourceOptions(parent=g)
a = Thing("in-a", child, size=1)
b = Thing("in-b", child, target=a.revision, size=1)
c = Thing("out-c", size=1)
d = Thing("out-d", target=b.arn, size=1)

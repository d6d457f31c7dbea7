import pulumi

from thing import Group, Thing

g = Group("g")
child = pulumi.ResourceOptions(parent=g)
a = Thing("in-a", child, size=2)
b = Thing("in-b", child, of=a.arn, size=2)
c = Thing("out", pulumi.ResourceOptions(retain_on_delete=False), size=2)
d = Thing("with", pulumi.ResourceOptions(deleted_with=a), size=2)
Thing("late", of=c.arn, size=2)

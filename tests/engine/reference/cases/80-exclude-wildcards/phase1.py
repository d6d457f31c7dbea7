import pulumi

from thing import Group, Thing

g = Group("g")
child = pulumi.ResourceOptions(parent=g)
a = Thing("in-a", child, size=1)
b = Thing("in-b", child, of=a.arn, size=1)
c = Thing("out", pulumi.ResourceOptions(retain_on_delete=False), size=1)
d = Thing("with", pulumi.ResourceOptions(deleted_with=a), size=1)
Thing("late", of=c.arn, size=1)

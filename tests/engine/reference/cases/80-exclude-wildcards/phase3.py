import pulumi

from thing import Group, Thing

g = Group("g")
child = pulumi.ResourceOptions(parent=g)
a = Thing("in-a", child, size=3)
b = Thing("in-b", child, of=a.arn, size=3)
c = Thing("out", pulumi.ResourceOptions(retain_on_delete=True), size=3)
d = Thing("with", pulumi.ResourceOptions(deleted_with=a), size=3)
Thing("late", of=c.arn, size=3)

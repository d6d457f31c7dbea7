import pulumi

from thing import Thing

a = Thing("a", size=1)
b = Thing("b", pulumi.ResourceOptions(protect=True), target=a.arn)
c = Thing("c", target=b.arn)
d = Thing("d")

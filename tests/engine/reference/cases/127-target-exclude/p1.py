import pulumi
from pulumi import ResourceOptions

from thing import Thing

a = Thing("a", size=1)
b = Thing("b", size=a.arn)
c = Thing("c", size=b.arn)

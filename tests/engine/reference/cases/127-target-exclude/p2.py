import pulumi
from pulumi import ResourceOptions

from thing import Thing

a = Thing("a", size=2)
b = Thing("b", size=a.arn, tags={"n": 1})
c = Thing("c", size=b.arn)

import pulumi
from pulumi import ResourceOptions

from thing import Thing

a = Thing("a", size=1)
b = Thing("b", size=a.arn)
pulumi.export("b", b.arn)

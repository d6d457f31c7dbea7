import pulumi
from pulumi import ResourceOptions

from thing import Thing

a = Thing("a", size="x", tags={"k": ["a", "b"]})
pulumi.export("o", pulumi.Output.secret(a.arn))

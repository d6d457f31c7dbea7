import pulumi
from pulumi import ResourceOptions

from thing import Thing

a = Thing("a", size=pulumi.Output.secret("x"), tags={"k": ["a", pulumi.Output.secret("b")]})
pulumi.export("o", a.size)

import pulumi
from pulumi import Alias, ResourceOptions as O, CustomTimeouts
from thing import Thing, Group, RefProvider, observe, lookup

a = Thing("a", withToken=True)
pulumi.export("plain", {"list": [1, "two"]})
pulumi.export("token", a.token)
pulumi.export("later", a.arn)

import pulumi
from pulumi import Alias, ResourceOptions as O, CustomTimeouts
from thing import Thing, Group, RefProvider, observe, lookup

a = Thing("a", withToken=True, n=2)
pulumi.export("plain", {"list": [1, "three"]})
pulumi.export("token", pulumi.Output.secret({"deep": a.token}))

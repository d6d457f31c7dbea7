import pulumi
from pulumi import Output, ResourceOptions

from thing import Group, RefProvider, Thing

g = Group("g")
a = Thing("a")
p = RefProvider("p", ResourceOptions(parent=g, depends_on=[a], protect=True), region=a.arn, sec=Output.secret({"k": 1}))
b = Thing("b", ResourceOptions(provider=p), prov=p, region=p.region if hasattr(p, "region") else None)
pulumi.export("p", p.urn)

import pulumi
from pulumi import Output, ResourceOptions

from thing import Thing, lookup, observe

a = Thing("a", ResourceOptions(additional_secret_outputs=["serial"]), withToken=True)
s = Output.secret(a.arn)
b = Thing("b", s=s, l=[s, a.serial], j=Output.json_dumps({"s": s}))
observe("b.s", b.s)
observe("b.l", b.l)
observe("a.serial", a.serial)
observe("look", lookup(name=s))
pulumi.export("s", s)
pulumi.export("m", {"k": [a.serial]})

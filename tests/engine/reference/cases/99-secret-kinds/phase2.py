import pulumi
from pulumi import Output, ResourceOptions

from thing import RefProvider, Thing, observe

s = Output.secret("hush2")


class Box(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("kit:index:Box", name, {"s": "plain", "l": [s, {"k": "open"}]}, opts)
        self.register_outputs({"s": "plain", "m": {"l": [s]}})


b = Box("b")
p = RefProvider("p", region="x", pwd="plain", nested={"k": s})
t = Thing("t", ResourceOptions(provider=p, replacement_trigger=s), size=Output.secret(1))
u = Thing("u", arn_of=t.arn, ident=t.id, l=[t.arn])
observe("t.arn", t.arn)
pulumi.export("arn", Output.unsecret(t.arn))

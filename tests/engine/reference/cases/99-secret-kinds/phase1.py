import pulumi
from pulumi import Output, ResourceOptions

from thing import RefProvider, Thing, observe

s = Output.secret("hush")


class Box(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("kit:index:Box", name, {"s": s, "l": [s, {"k": s}]}, opts)
        self.register_outputs({"s": s, "m": {"l": [s]}})


b = Box("b", ResourceOptions(additional_secret_outputs=["plain"]))
p = RefProvider("p", region="x", pwd=s, nested={"k": s})
t = Thing("t", ResourceOptions(provider=p, replacement_trigger=s, additional_secret_outputs=["arn", "id", "name"]), size=1)
u = Thing("u", arn_of=t.arn, ident=t.id, l=[t.arn])
observe("t.arn", t.arn)
observe("t.id", t.id)
observe("t.name", t.name if hasattr(t, "name") else None)
pulumi.export("arn", t.arn)
pulumi.export("nested", {"a": [t.arn, {"b": s}]})

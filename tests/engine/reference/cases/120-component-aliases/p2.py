import pulumi
from pulumi import ResourceOptions

from thing import Thing

class C(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("my:x:C", name, None, opts)
        self.t = Thing(f"{name}-t", ResourceOptions(parent=self), size=2)
        self.register_outputs({"arn": self.t.arn})

C("two", ResourceOptions(aliases=[pulumi.Alias(name="one")]))

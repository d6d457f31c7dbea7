import pulumi
from pulumi import Output, ResourceOptions

from thing import RefProvider, Thing


class Inner(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("kit:index:Inner", name, {"in": name}, opts)
        self.thing = Thing(f"{name}-t", ResourceOptions(parent=self), size=1)
        self.register_outputs({"arn": self.thing.arn})


class Outer(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("kit:index:Outer", name, None, opts)
        self.one = Inner(f"{name}-one", ResourceOptions(parent=self))
        self.two = Inner(f"{name}-two", ResourceOptions(parent=self, depends_on=[self.one]))
        self.register_outputs({"one": self.one, "secret": Output.secret("s")})


o = Outer("o", ResourceOptions(providers=[RefProvider("p", region="x")]))
last = Thing("last", ResourceOptions(depends_on=[o]), one=o.one.thing.arn)

from pulumi import Output, ResourceOptions

from thing import Thing, observe

a = Thing("a", size=1)
b = Thing("b", ResourceOptions(additional_secret_outputs=["deep", "plain"]), deep={"m": [a.arn, {"k": Output.secret("<&>\u2028")}]}, plain={"b": 1, "a": 1e300})
c = Thing("c", ResourceOptions(additional_secret_outputs=["of"]), of=[b.deep, b.plain], size=a.serial)
observe("deep", b.deep)
observe("of", c.of)

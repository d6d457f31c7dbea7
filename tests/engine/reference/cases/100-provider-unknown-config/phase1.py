import pulumi
from pulumi import InvokeOutputOptions, Output, ResourceOptions

from thing import RefProvider, Thing, lookup, observe

a = Thing("a", size=1)
p = RefProvider("p", region="x", key=a.arn, deep={"l": [a.serial], "s": Output.secret("t")})
b = Thing("b", ResourceOptions(provider=p), size=1)
observe("b.arn", b.arn)
observe("b.size", b.size)
r = Thing.get("r", "id-r", ResourceOptions(provider=p))
observe("r.arn", r.arn)
observe("look", pulumi.runtime.invoke_output("ref:index:lookup", {"name": "x"}, InvokeOutputOptions(provider=p)))

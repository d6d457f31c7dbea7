import pulumi
from pulumi import Output, ResourceOptions

from thing import RefProvider, Thing

c = pulumi.Config("ref")
a = Thing("a", seen=c.get("url"))
p = RefProvider("p", url="https://x/?a=1&b=<2>", obj={"z": 1, "a": {"k": Output.secret("<s>")}})
b = Thing("b", ResourceOptions(provider=p))

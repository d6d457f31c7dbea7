from pulumi import Output, ResourceOptions

from thing import RefProvider, Thing

p = RefProvider("p", region="x", opts_=1)
a = Thing("a", ResourceOptions(provider=p), l=[1, {"k": 1}], s=Output.secret({"x": 1}), m={"a": {"b": 1}})
b = Thing("b", size=1, tags={"x": 1})

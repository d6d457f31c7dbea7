from pulumi import Output, ResourceOptions

from thing import RefProvider, Thing, observe

a = Thing("a", size=1, replaceMe=1)
p = RefProvider("p", region="x", key=a.arn, deep={"l": [a.serial], "s": Output.secret("t")})
b = Thing("b", ResourceOptions(provider=p), size=2)
observe("b.size", b.size)

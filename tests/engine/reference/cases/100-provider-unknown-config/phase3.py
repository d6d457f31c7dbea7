from pulumi import ResourceOptions

from thing import RefProvider, Thing, observe

a = Thing("a", size=1, replaceMe=1)
p = RefProvider("p", region=a.arn)
b = Thing("b", ResourceOptions(provider=p), size=2)
observe("b.size", b.size)

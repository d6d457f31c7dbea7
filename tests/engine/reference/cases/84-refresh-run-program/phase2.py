from thing import RefProvider, Thing
import pulumi

p = RefProvider("p", region="one")
o = pulumi.ResourceOptions(provider=p)
a = Thing("a", o, size=1)
b = Thing("b", o, target=a.arn, size=1)
d = Thing("d", size=1)
e = Thing("e", size=2)

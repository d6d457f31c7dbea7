from pulumi import ResourceOptions

from thing import RefProvider, Thing

p = RefProvider("p", region="one")
a = Thing("a", size=1)
b = Thing("b", ResourceOptions(provider=p, depends_on=[a]), size=1)

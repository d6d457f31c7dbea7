from pulumi import ResourceOptions

from thing import Thing

a = Thing("a", size=2)
b = Thing("b", ResourceOptions(depends_on=[a]), size=2)

from pulumi import ResourceOptions

from thing import Thing

a = Thing("a", size=1)
b = Thing("b", ResourceOptions(depends_on=[a]), of=a.arn, size=1)

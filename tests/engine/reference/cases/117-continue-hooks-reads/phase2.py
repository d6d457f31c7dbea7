from pulumi import ResourceOptions

from thing import Thing

a = Thing("a", size=1)
b = Thing("b", target=a.arn)
c = Thing("c", replaceMe=2)
d = Thing("d", ResourceOptions(depends_on=[c]), size=2)

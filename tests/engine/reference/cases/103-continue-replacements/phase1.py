from pulumi import ResourceOptions

from thing import Thing

a = Thing("a", replaceMe=1)
b = Thing("b", target=a.arn)
old = Thing("old", ResourceOptions(depends_on=[a]))

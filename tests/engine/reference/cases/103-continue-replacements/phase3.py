from pulumi import ResourceOptions

from thing import Thing

a = Thing("a", ResourceOptions(delete_before_replace=True), replaceMe=3)
b = Thing("b", replaceMe=a.arn)
d = Thing("d", size=1)

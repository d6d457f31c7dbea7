from pulumi import ResourceOptions

from thing import Thing

a = Thing("a", ResourceOptions(delete_before_replace=True), replaceMe=2)
b = Thing("b", replaceMe=a.arn)
c = Thing("c", target=b.arn, size=2)
d = Thing("d", size=2)

from pulumi import ResourceOptions

from thing import Thing

a = Thing("a", ResourceOptions(delete_before_replace=True), replaceMe=1)
b = Thing("b", replaceMe=a.arn)
c = Thing("c", target=b.arn, size=1)
d = Thing("d", size=1)

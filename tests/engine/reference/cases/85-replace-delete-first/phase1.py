import pulumi

from thing import Thing

a = Thing("a", pulumi.ResourceOptions(delete_before_replace=True), size=1)
b = Thing("b", replaceMe=a.arn)
c = Thing("c", target=b.arn)
d = Thing("d", target=a.arn)

import pulumi
from pulumi import ResourceOptions

from thing import Thing

a = Thing("a", ResourceOptions(delete_before_replace=True), replaceMe=2)
b = Thing("b", ResourceOptions(depends_on=[a]), size=1)
c = Thing("c", replaceMe=a.arn)
d = Thing("d", ResourceOptions(parent=c), size=1)

import pulumi
from pulumi import ResourceOptions

from thing import Thing

a = Thing("a", size=1)
b = Thing("b", replaceMe=a.arn)
c = Thing("c", target=b.arn)

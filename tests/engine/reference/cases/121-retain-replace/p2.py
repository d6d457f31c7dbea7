import pulumi
from pulumi import ResourceOptions

from thing import Thing

a = Thing("a", ResourceOptions(retain_on_delete=True), replaceMe=2)
b = Thing("b", size=a.arn)

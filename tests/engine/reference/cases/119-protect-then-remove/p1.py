import pulumi
from pulumi import ResourceOptions

from thing import Thing

a = Thing("a", ResourceOptions(protect=True), size=1)
b = Thing("b", size=1)

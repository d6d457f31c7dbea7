import pulumi
from pulumi import ResourceOptions

from thing import Thing

b = Thing("b", size=2)

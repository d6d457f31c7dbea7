import pulumi
from pulumi import ResourceOptions

from thing import Thing

a = Thing("a", size=1)

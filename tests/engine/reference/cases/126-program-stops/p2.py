import pulumi
from pulumi import ResourceOptions

from thing import Thing

a = Thing("a", size=2)
raise RuntimeError("no more")

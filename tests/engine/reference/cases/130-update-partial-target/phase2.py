import pulumi
from pulumi import Alias, ResourceOptions as O, CustomTimeouts
from thing import Thing, Group, RefProvider, observe, lookup

a = Thing("a", n=1)
b = Thing("b", of=a.arn, n=2)
c = Thing("c", n=2)
d = Thing("d", of=b.serial, n=[1, {"x": None, "y": [True, 2.5]}])

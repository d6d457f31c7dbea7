import pulumi
from pulumi import Alias, ResourceOptions as O, CustomTimeouts
from thing import Thing, Group, RefProvider, observe, lookup

a = Thing("a", n=1)
b = Thing("b", of=a.arn, n=1)
c = Thing("c", n=1)
d = Thing("d", of=b.serial)

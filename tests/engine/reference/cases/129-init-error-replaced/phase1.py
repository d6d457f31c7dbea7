import pulumi
from pulumi import Alias, ResourceOptions as O, CustomTimeouts
from thing import Thing, Group, RefProvider, observe, lookup

a = Thing("a", replaceMe=1)
b = Thing("b", of=a.arn)
c = Thing("c", O(depends_on=[b]))

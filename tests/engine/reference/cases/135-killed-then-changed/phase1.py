import pulumi
from pulumi import Alias, ResourceOptions as O, CustomTimeouts
from thing import Thing, Group, RefProvider, observe, lookup

a = Thing("a", replaceMe=1)
b = Thing("b", replaceMe=a.arn)
c = Thing("c", of=b.arn)

import pulumi
from pulumi import Alias, ResourceOptions as O, CustomTimeouts
from thing import Thing, Group, RefProvider, observe, lookup

g = Group("g")
Thing("inner", O(parent=g, protect=True), size=1)
Thing("loose", O(parent=g), size=2, of="x")
Thing("after", O(depends_on=[g]), size=3)

import pulumi
from pulumi import Alias, ResourceOptions as O, CustomTimeouts
from thing import Thing, Group, RefProvider, observe, lookup

g = Group("h", O(aliases=[Alias(name="g")]))
Thing("inner", O(parent=g, protect=True, ignore_changes=["mark"]), size=5)
Thing("after", O(depends_on=[g], protect=False), size=8)

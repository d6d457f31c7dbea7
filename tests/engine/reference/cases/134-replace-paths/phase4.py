import pulumi
from pulumi import Alias, ResourceOptions as O, CustomTimeouts
from thing import Thing, Group, RefProvider, observe, lookup

a = Thing("a", O(replace_on_changes=["*"], retain_on_delete=True), rules=[{"port": 9}])
c = Thing("c", n=2)

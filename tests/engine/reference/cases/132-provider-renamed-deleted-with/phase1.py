import pulumi
from pulumi import Alias, ResourceOptions as O, CustomTimeouts
from thing import Thing, Group, RefProvider, observe, lookup

p = RefProvider("p", region="one")
g = Group("g", O(providers=[p]))
host = Thing("host", O(parent=g), size=1)
Thing("guest", O(parent=g, deleted_with=host), size=2)
Thing("other", O(provider=p, deleted_with=host, retain_on_delete=True), size=3)

import pulumi
from pulumi import Alias, ResourceOptions as O, CustomTimeouts
from thing import Thing, Group, RefProvider, observe, lookup

x = Thing("x", O(import_="id-1"), name="x", size=1)
y = Thing.get("y", "id-2", name="y")
z = Thing("z", of=y.arn, also=x.revision)

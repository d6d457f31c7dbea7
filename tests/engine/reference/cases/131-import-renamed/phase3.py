import pulumi
from pulumi import Alias, ResourceOptions as O, CustomTimeouts
from thing import Thing, Group, RefProvider, observe, lookup

x = Thing("x2", O(aliases=[Alias(name="x")], protect=False), name="x", size=3)
y = Thing("y", O(import_="id-2"), name="y", size=2)
z = Thing("z", of=y.arn, also=x.revision)
observe("z", z.arn)

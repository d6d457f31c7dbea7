import pulumi
from pulumi import Alias, ResourceOptions

from thing import Group, RefProvider, Thing

p = RefProvider("q", ResourceOptions(aliases=[Alias(name="p")]), region="x")
w = Group("w")
g = Group("h", ResourceOptions(parent=w, providers=[p], aliases=[Alias(name="g", parent=pulumi.ROOT_STACK_RESOURCE)]))
a = Thing("a2", ResourceOptions(parent=g, aliases=[Alias(name="a")]), name="a-auto", size=2)
raise ValueError("halfway")

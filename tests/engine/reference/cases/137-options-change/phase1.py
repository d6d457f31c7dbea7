import pulumi
from pulumi import Alias, ResourceOptions as O, CustomTimeouts
from thing import Thing, Group, RefProvider, observe, lookup

a = Thing("a", O(custom_timeouts=CustomTimeouts(create="1m")), body=pulumi.StringAsset("one"))
b = Thing("b", withToken=True, files=pulumi.AssetArchive({"x": pulumi.StringAsset("x"), "d": pulumi.AssetArchive({"y": pulumi.StringAsset("y")})}))
c = Thing("c", O(depends_on=[a]), n=1)

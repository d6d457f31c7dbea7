import pulumi
from pulumi import Alias, ResourceOptions as O, CustomTimeouts
from thing import Thing, Group, RefProvider, observe, lookup

a = Thing("a", O(version="1.2.3", retain_on_delete=True), body=pulumi.StringAsset("two"))
b = Thing("b", O(protect=True), withToken=True, files=pulumi.AssetArchive({"x": pulumi.StringAsset("x"), "d": pulumi.AssetArchive({"y": pulumi.StringAsset("z")})}))
c = Thing("c", O(deleted_with=a), n=1, of=b.serial)
pulumi.export("s", {"deep": [b.token]})

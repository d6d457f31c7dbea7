import pulumi
from pulumi import Alias, ResourceOptions as O, CustomTimeouts
from thing import Thing, Group, RefProvider, observe, lookup

a = Thing("a", O(custom_timeouts=CustomTimeouts(update="2m", delete="1h")), body=pulumi.StringAsset("two"))
b = Thing("b", O(additional_secret_outputs=["serial", "arn"]), withToken=True, files=pulumi.AssetArchive({"x": pulumi.StringAsset("x"), "d": pulumi.AssetArchive({"y": pulumi.StringAsset("z")})}))
c = Thing("c", O(depends_on=[b]), n=1, of=b.serial)
pulumi.export("s", b.serial)

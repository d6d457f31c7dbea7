import pulumi
from pulumi import Output, ResourceOptions

from thing import Group, Thing, observe


def tag(args: pulumi.ResourceTransformArgs):
    return pulumi.ResourceTransformResult({**args.props, "by": "stack"}, args.opts)


def keep(args: pulumi.ResourceTransformArgs):
    return pulumi.ResourceTransformResult(args.props, args.opts)


pulumi.runtime.register_resource_transform(tag)
g = Group("g", ResourceOptions(transforms=[keep]))
a = Thing("a", size=1)
b = Thing("b", parts=[a.arn, {"k": Output.secret("<s>")}], whole=Output.secret([a.serial, 1]), m={"n": [Output.secret(None)]})
c = Thing("c", ResourceOptions(depends_on=[b], parent=g), asset=pulumi.StringAsset("text"), hidden=[Output.secret(pulumi.StringAsset("hidden"))])
d = Thing("d", ResourceOptions(depends_on=[c], parent=g, transforms=[keep]), of=[b.arn, Output.secret(c.arn)], archive=pulumi.AssetArchive(
    {"f": pulumi.StringAsset("one"), "g": pulumi.AssetArchive({"h": pulumi.StringAsset("two")})}))
observe("parts", b.parts)
observe("arn", d.arn)

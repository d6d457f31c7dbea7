import pulumi
from pulumi import Alias, ResourceOptions as O, CustomTimeouts
from thing import Thing, Group, RefProvider, observe, lookup

def t(args):
    if args.type_ == "ref:index:Thing":
        args.props["mark"] = args.name
        args.opts.ignore_changes = ["size"]
        return pulumi.ResourceTransformResult(args.props, args.opts)
pulumi.runtime.register_resource_transform(t)
g = Group("h", O(aliases=[Alias(name="g")]))
Thing("inner", O(parent=g, protect=True), size=5)
Thing("loose", O(parent=g), size=6, of="x")
Thing("after", O(depends_on=[g]), size=7)

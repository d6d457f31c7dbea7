import json
import os

import pulumi
from pulumi import Alias, CustomTimeouts, InvokeOptions, InvokeOutputOptions, Output, ResourceOptions as O

from thing import Group, RefProvider, Thing, lookup, observe


def note(args: pulumi.ResourceHookArgs):
    given = [kind for kind in ("new_inputs", "old_inputs", "new_outputs", "old_outputs") if getattr(args, kind)]
    with open(os.environ["REF_OBSERVED"], "a") as out:
        out.write(json.dumps({"hook": "/".join(given), "name": args.name, "id": args.id}) + "\n")


hook = pulumi.ResourceHook("hook", note, pulumi.ResourceHookOptions(on_dry_run=False))


def tag(args: pulumi.ResourceTransformArgs):
    if args.type_ != "ref:index:Thing":
        return None
    args.opts.retain_on_delete = args.name == 'c'
    return pulumi.ResourceTransformResult({**args.props, "by": 1}, args.opts)


pulumi.runtime.register_resource_transform(tag)


config = pulumi.Config()
observe("config", config.get("size"))
observe("key", config.get_secret("key"))
p = RefProvider("p", region="two", note="n!!")
g = Group("g")
h = Group("hy", O(aliases=[Alias(name="h")]))
k = Group("k", O(parent=g, protect=True))
a = Thing("axx", O(aliases=[Alias(name="ax")]), size=2, tags={"a": 3, "b": 1, "c": 2})
c = Thing("cxx", O(hooks=pulumi.ResourceHookBinding(after_create=[hook], before_update=[hook], before_delete=[hook]), depends_on=[a], aliases=[Alias(name="cx")]), size=2, of=a.serial, deep=[None, a.serial, True, 1.5, ""])
d = Thing("d", O(retain_on_delete=True, delete_before_replace=True, deleted_with=a, depends_on=[c], parent=k, provider=p, aliases=[Alias(parent=g)]), size=3, replaceMe=6, of=a.arn, deep=[None, c.arn, True, 1.5, ""])
e = Thing.get("e", "e-2e", O(depends_on=[d], parent=h, version="1.2.3"), size=None)
v = Thing("v", O(additional_secret_outputs=["serial"], depends_on=[e], parent=k), size=config.get_int("size") or 7, of=a.serial, key=config.get_secret("key"))
observe("last", v.arn)
pulumi.export("all", [a.serial, c.serial, d.serial, e.serial, v.serial])

import pulumi
from pulumi import Alias, ResourceOptions as O, CustomTimeouts
from thing import Thing, Group, RefProvider, observe, lookup

import json, os
N = 2
def note(args):
    with open(os.environ["REF_OBSERVED"], "a") as out:
        out.write(json.dumps({"hook": args.name, "ins": sorted(args.new_inputs or {}), "old": sorted(args.old_outputs or {})}) + "\n")
hook = pulumi.ResourceHook("note", note)
def change(args):
    return pulumi.InvokeTransformResult({**args.args, "extra": N}, args.opts)
pulumi.runtime.register_invoke_transform(change)
every = pulumi.ResourceHookBinding(before_update=[hook], after_create=[hook])
g = Group("g", O(hooks=every))
x = Thing("x", O(parent=g, hooks=every), n=N, found=lookup(name="k"))
y = Thing("y", O(parent=g, hooks=every), of=x.arn, n=N)
z = Thing("z", O(hooks=every, additional_secret_outputs=["arn"]), n=N)
if N == 2:
    n1 = Thing("n1", O(depends_on=[z]), of=z.arn)
    n2 = Thing("n2", of=n1.arn)
    n3 = Thing("n3", of=n2.arn)
observe("z", z.arn)

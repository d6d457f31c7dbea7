import json
import os

import pulumi
from pulumi import ResourceOptions

from thing import Thing

count = [0]


def retry(args: pulumi.ErrorHookArgs):
    count[0] += 1
    given = {kind: sorted(getattr(args, kind)) for kind in ("new_inputs", "old_inputs", "old_outputs") if getattr(args, kind) is not None}
    with open(os.environ["REF_OBSERVED"], "a") as out:
        out.write(json.dumps({"hook": given, "name": args.name, "op": args.failed_operation, "n": len(args.errors), "id": args.id}) + "\n")
    return count[0] < 3


hook = pulumi.ErrorHook("retry", retry)
a = Thing("a", ResourceOptions(hooks=pulumi.ResourceHookBinding(on_error=[hook])), size=1)
b = Thing("b", size=1)

import json
import os

import pulumi
from pulumi import ResourceOptions

from thing import Thing


def note(args: pulumi.ResourceHookArgs):
    given = {kind: sorted(getattr(args, kind)) for kind in ("new_inputs", "old_inputs", "new_outputs", "old_outputs") if getattr(args, kind) is not None}
    with open(os.environ["REF_OBSERVED"], "a") as out:
        out.write(json.dumps({"hook": given, "name": args.name, "type": args.type, "id": args.id, "urn": args.urn}) + "\n")


def fails(args: pulumi.ResourceHookArgs):
    raise ValueError("hook says no")


note_hook = pulumi.ResourceHook("note", note, pulumi.ResourceHookOptions(on_dry_run=True))
late = pulumi.ResourceHook("late", note)
bad = pulumi.ResourceHook("bad", fails)
mild = pulumi.ResourceHook("mild", fails, pulumi.ResourceHookOptions(ignore_errors=True))

b = pulumi.ResourceHookBinding(before_create=[note_hook], before_delete=[note_hook], after_delete=[late])
a = Thing("a", ResourceOptions(hooks=b), size=1)
c = Thing("c", ResourceOptions(hooks=pulumi.ResourceHookBinding(before_delete=[bad])), target=a.arn)

import json
import os

import pulumi
from pulumi import Output, ResourceOptions

from thing import Group, Thing


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

every = pulumi.ResourceHookBinding(before_create=[note_hook], after_create=[late], before_update=[note_hook], after_update=[late], before_delete=[note_hook], after_delete=[late])
g = Group("g", ResourceOptions(hooks=every))
a = Thing("a", ResourceOptions(hooks=every, parent=g), size=1, sec=Output.secret(1))
b = Thing("b", ResourceOptions(hooks=every), size=1)

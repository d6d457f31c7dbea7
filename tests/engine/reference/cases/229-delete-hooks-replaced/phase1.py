import json
import os

import pulumi
from pulumi import ResourceOptions

from thing import Thing


def note(args: pulumi.ResourceHookArgs):
    with open(os.environ["REF_OBSERVED"], "a") as out:
        out.write(json.dumps({"hook": args.name, "id": args.id}) + "\n")


hook = pulumi.ResourceHook("hook", note)
a = Thing("a", size=1, replaceMe=1)

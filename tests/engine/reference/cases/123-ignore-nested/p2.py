import pulumi
from pulumi import ResourceOptions

from thing import Thing

Thing("a", ResourceOptions(ignore_changes=["tags.x.y[1]", "tags.z"]), tags={"x": {"y": [9, 8, 7]}, "z": 2})

import pulumi
from pulumi import ResourceOptions

from thing import Thing

Thing("a", ResourceOptions(ignore_changes=["tags['x']"]), tags={"z": 3})

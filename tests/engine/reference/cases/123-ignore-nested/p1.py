import pulumi
from pulumi import ResourceOptions

from thing import Thing

Thing("a", tags={"x": {"y": [1, 2, 3]}, "z": 1})

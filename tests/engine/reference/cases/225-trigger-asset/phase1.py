import pulumi
from pulumi import Output, ResourceOptions

from thing import Thing

Thing("a", ResourceOptions(replacement_trigger=pulumi.FileAsset("hello.txt")), size=1)
Thing("b", ResourceOptions(replacement_trigger=[Output.secret("s"), {"k": 1}]), size=1)

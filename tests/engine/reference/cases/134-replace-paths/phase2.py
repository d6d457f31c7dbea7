import pulumi
from pulumi import Alias, ResourceOptions as O, CustomTimeouts
from thing import Thing, Group, RefProvider, observe, lookup

a = Thing("a", O(replace_on_changes=["rules[*].port"]), rules=[{"port": 1, "name": "z"}, {"port": 3, "name": "y"}])
b = Thing("b", O(replace_on_changes=["tags.team"], ignore_changes=["tags.at"]), tags={"team": "one", "at": 2}, of=a.arn)
c = Thing("c", O(ignore_changes=["*"]), of=b.arn, n=2)

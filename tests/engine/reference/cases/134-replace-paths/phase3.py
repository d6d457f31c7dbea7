import pulumi
from pulumi import Alias, ResourceOptions as O, CustomTimeouts
from thing import Thing, Group, RefProvider, observe, lookup

a = Thing("a", O(replace_on_changes=["rules"]), rules=[{"port": 1, "name": "z"}])
b = Thing("b", O(replace_on_changes=["tags.team"], delete_before_replace=True), tags={"team": "two", "at": 2}, of=a.arn)
c = Thing("c", of=b.arn, n=2)

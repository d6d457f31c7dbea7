import pulumi
from pulumi import Alias, ResourceOptions as O, CustomTimeouts
from thing import Thing, Group, RefProvider, observe, lookup

a = Thing("a", O(delete_before_replace=True), replaceMe=2)
b = Thing("b", of=a.arn, replaceMe=a.serial)
c = Thing("c", O(depends_on=[b]))
observe("b", b.arn)

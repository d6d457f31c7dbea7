import pulumi
from pulumi import Alias, ResourceOptions as O, CustomTimeouts
from thing import Thing, Group, RefProvider, observe, lookup

one = pulumi.StackReference("organization/one/dev")
b = Thing("b", given=one.get_output("plain"), token=one.require_output("token"), gone=one.get_output("later"))
observe("token", one.get_output("token"))
observe("none", one.get_output("nobody"))
pulumi.export("out", b.arn)

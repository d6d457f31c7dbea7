from pulumi import Alias, ResourceOptions

from thing import Thing

a = Thing("a3", ResourceOptions(aliases=[Alias(name="a"), Alias(name="a2")], delete_before_replace=True), replaceMe=3)
b = Thing("b3", ResourceOptions(aliases=[Alias(name="b"), Alias(name="b2")]), replaceMe=a.arn)

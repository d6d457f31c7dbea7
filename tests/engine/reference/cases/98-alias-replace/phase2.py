from pulumi import Alias, ResourceOptions

from thing import Thing

a = Thing("a2", ResourceOptions(aliases=[Alias(name="a")]), replaceMe=2)
b = Thing("b2", ResourceOptions(aliases=[Alias(name="b")], delete_before_replace=True), replaceMe=a.arn)

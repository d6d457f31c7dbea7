from pulumi import ResourceOptions

from thing import Thing

a = Thing("a", ResourceOptions(retain_on_delete=True), replaceMe=1)
b = Thing("b", ResourceOptions(deleted_with=a), replaceMe=a.arn)
c = Thing("c", ResourceOptions(deleted_with=b, protect=True), target=b.arn)

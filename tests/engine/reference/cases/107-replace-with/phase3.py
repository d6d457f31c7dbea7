from pulumi import Output, ResourceOptions

from thing import Thing

a = Thing("a", ResourceOptions(delete_before_replace=True), replaceMe=3)
b = Thing("b", ResourceOptions(replace_with=[a]), size=1)
c = Thing("c", ResourceOptions(replace_with=[b]), size=1)
d = Thing("d", ResourceOptions(deleted_with=a), size=1)
e = Thing("e", ResourceOptions(replacement_trigger=Output.secret(a.arn), delete_before_replace=True), size=1)

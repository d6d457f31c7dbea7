from pulumi import ResourceOptions

from thing import Thing

a = Thing("a", replaceMe=2)
b = Thing("b", ResourceOptions(replace_with=[a]), size=1)
c = Thing("c", ResourceOptions(replace_with=[b]), size=1)
d = Thing("d", ResourceOptions(deleted_with=a), size=1)
e = Thing("e", ResourceOptions(replacement_trigger=a.arn), size=1)

from pulumi import ResourceOptions

from thing import Thing

a = Thing("a", replaceMe=1)
b = Thing("b", ResourceOptions(replace_with=[a]), size=1)
c = Thing("c", ResourceOptions(replace_with=[b]), size=1)
d = Thing("d", ResourceOptions(deleted_with=a), size=1)
e = Thing("e", ResourceOptions(replacement_trigger=1), size=1)

from pulumi import Alias, ResourceOptions

from thing import Group, RefProvider, Thing

g = Group("new", ResourceOptions(aliases=[Alias(name="old")]))
p = RefProvider("new-p", ResourceOptions(parent=g), region="x")
r = Thing.get("new-r", "id-r", ResourceOptions(parent=g))
i = Thing("new-i", ResourceOptions(parent=g, provider=p), name="id-i", size=2)
a = Thing("new-a", ResourceOptions(parent=i, provider=p, aliases=[Alias(name="old-a")]), of=r.arn, replaceMe=2)

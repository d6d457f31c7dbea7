from pulumi import ResourceOptions

from thing import Group, RefProvider, Thing

g = Group("old")
p = RefProvider("old-p", ResourceOptions(parent=g), region="x")
r = Thing.get("old-r", "id-r", ResourceOptions(parent=g))
i = Thing("old-i", ResourceOptions(parent=g, import_="id-i", provider=p), name="id-i", size=1)
a = Thing("old-a", ResourceOptions(parent=i, provider=p), of=r.arn, replaceMe=1)

from pulumi import ResourceOptions

from thing import RefProvider, Thing

p = RefProvider("p", region="y")
a = Thing("a", ResourceOptions(provider=p, delete_before_replace=True), size=1)
b = Thing("b", ResourceOptions(delete_before_replace=True), replaceMe=a.arn)
c = Thing("c", ResourceOptions(depends_on=[b]), size=2)

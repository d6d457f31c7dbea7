import pulumi
from pulumi import ResourceOptions

from thing import Thing

a = Thing("a", size=1)
b = Thing("b", ResourceOptions(deleted_with=a), size=1)
c = Thing("c", ResourceOptions(deleted_with=b, depends_on=[b]), size=1)

from pulumi import ResourceOptions

from thing import Thing

a = Thing("a", ResourceOptions(replacement_trigger=1), name="n", size=5)
b = Thing("b", ResourceOptions(replacement_trigger=1, depends_on=[a]), name="n", size=5)

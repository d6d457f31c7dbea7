from pulumi import Output

from thing import Thing, observe

r = Thing.get("r", "id-r", x=Output.secret(5))
observe("x", r.x)
a = Thing("a", v=r.arn)

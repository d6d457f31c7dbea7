from pulumi import ResourceOptions

from thing import Thing

r = Thing("r", ResourceOptions(import_="id-r"), name="id-r", x={"y": 1})
a = Thing("a", v=r.arn)

from thing import Thing

r = Thing.get("r", "id-r")
a = Thing("a", v=r.arn)

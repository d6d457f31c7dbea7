from thing import Thing

a = Thing("a", size=1)
b = Thing("b", target=a.arn, size=1)

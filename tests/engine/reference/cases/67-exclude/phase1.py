from thing import Thing

a = Thing("a", size=1)
b = Thing("b", target=a.arn, size=1)
c = Thing("c", target=b.arn, size=1)
d = Thing("d", size=1)

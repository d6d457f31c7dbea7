from thing import Thing

a = Thing("a", size=3)
b = Thing("b", target=a.arn, size=3)
c = Thing("c", target=b.arn, size=3)
d = Thing("d", size=3)
e = Thing("e", target=c.revision)

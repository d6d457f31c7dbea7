from thing import Thing

a = Thing("a", size=2)
b = Thing("b", target=a.arn, size=2)
c = Thing("c", target=b.arn, size=2)
d = Thing("d", size=2)

from thing import Thing

n = Thing("n", size=2)
a = Thing("a", size=2)
b = Thing("b", target=a.arn, size=2, extra=n.arn)
c = Thing("c", target=b.arn, size=2)

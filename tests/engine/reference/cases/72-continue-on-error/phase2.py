from thing import Thing

a = Thing("a", size=2)
b = Thing("b", target=a.revision, size=2)
d = Thing("d", size=2)

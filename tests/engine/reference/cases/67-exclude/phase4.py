from thing import Thing

d = Thing("d", size=4)

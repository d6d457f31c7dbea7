from thing import Thing

a = Thing("a", replaceMe=3)
e = Thing("e", size=1)

from thing import Thing

a = Thing("a", replaceMe=1)
b = Thing("b", replaceMe=a.arn)

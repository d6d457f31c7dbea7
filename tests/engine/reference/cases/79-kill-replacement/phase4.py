from thing import Thing

a = Thing("a", replaceMe="four")
b = Thing("b", target=a.arn)

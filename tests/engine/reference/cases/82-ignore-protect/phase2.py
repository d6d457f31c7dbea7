import pulumi

from thing import Thing

kept = pulumi.ResourceOptions(protect=True)
a = Thing("a", kept, replaceMe="two")

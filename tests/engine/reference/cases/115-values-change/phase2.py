import pulumi

from thing import Thing

a = Thing("a", m=[1], n="t", k=True, s=pulumi.StringAsset("x"), l=[[2], 1], e=[])

from pulumi import Output

from thing import Thing

a = Thing("a", m={"x": 1}, n=None, k=1, s=Output.secret("x"), l=[1, [2, [3]]], e={})

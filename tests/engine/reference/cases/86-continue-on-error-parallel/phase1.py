from thing import Thing

top = Thing("top")
l = Thing("l", of=top.arn)
r = Thing("r", of=top.arn)
j = Thing("j", l=l.arn, r=r.arn)
for n in range(5):
    Thing(f"x{n}")

from thing import Thing

Thing("z")

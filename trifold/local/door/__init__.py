"""The one door: a proxy on loopback that answers for the vendors' host names and refuses every other."""

from pulumi import ResourceOptions

from thing import RefProvider, Thing

p = RefProvider("p", ResourceOptions(env_var_mappings={"A": "B"}, version="1.0.0"), region="x")
a = Thing("a", ResourceOptions(provider=p))

from pulumi import Output, ResourceOptions

from thing import RefProvider, Thing

p = RefProvider("p", ResourceOptions(ignore_changes=["region"]), region="y", opts_=2)
a = Thing("a", ResourceOptions(provider=p, ignore_changes=["s.x", "m[\"a\"].b", "l[0]"]), l=[9, {"k": 2}], s=Output.secret({"x": 9}), m={"a": {"b": 9}})
b = Thing("b", ResourceOptions(ignore_changes=["tags[\"x\"]"], replace_on_changes=["tags"]), size=2, tags={"x": 5})

from pulumi import Output, ResourceOptions

from thing import RefProvider, Thing

p = RefProvider("p", ResourceOptions(replace_on_changes=["opts_"]), region="x", opts_=2)
a = Thing("a", ResourceOptions(provider=p, replace_on_changes=["l[1].k", "s.x", "m.*.b"]), l=[1, {"k": 2}], s=Output.secret({"x": 2}), m={"a": {"b": 2}})
b = Thing("b", ResourceOptions(ignore_changes=["size"], replace_on_changes=["size", "tags.*"]), size=2, tags={"x": 1})

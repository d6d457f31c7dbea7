import pulumi
from pulumi import InvokeOutputOptions, ResourceOptions

from thing import Group, RefProvider, Thing, lookup, observe

Thing("a", size=1)
Thing("b", ResourceOptions(version="1.2.3"), size=1)
Thing("c", ResourceOptions(version="1.2.4", plugin_download_url="https://example.com/x"), size=1)
Thing("d", ResourceOptions(plugin_download_url="https://example.com/x"), size=1)
p = RefProvider("p", ResourceOptions(version="2.0.0-beta.1+meta", plugin_download_url="https://example.com/p"), region="x")
Thing("e", ResourceOptions(provider=p), size=1)
observe("look", pulumi.runtime.invoke_output("ref:index:lookup", {"name": "x"}, InvokeOutputOptions(version="3.0.0")))
g = Group("g")
Thing("f", ResourceOptions(parent=g, version="1.2.3"))

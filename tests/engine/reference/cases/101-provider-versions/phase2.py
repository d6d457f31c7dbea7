from pulumi import ResourceOptions

from thing import RefProvider, Thing

Thing("a", ResourceOptions(version="1.2.3"), size=1)
Thing("b", ResourceOptions(version="1.2.4"), size=1)
Thing("c", size=1)
Thing("d", ResourceOptions(plugin_download_url="https://example.com/y"), size=1)
p = RefProvider("p", ResourceOptions(version="2.0.1"), region="x")
Thing("e", ResourceOptions(provider=p), size=1)

import pulumi

from thing import Thing, observe

config = pulumi.Config()
Thing("a", size=config.get_int("size"), other=config.get("other"), data=config.get_object("data"))
observe("data", config.get_object("data"))
pulumi.export("size", config.get("size"))

"""Two identities for one stack's pipeline: one deploys, one previews. Brought up once, by who may grant."""

import pulumi

from infra import access, clouds
from infra.capabilities.access import AccessSpec
from infra.naming import Names

settings = access.load()
cloud = clouds.load(settings.cloud)
account = cloud.verify(settings)
names = Names(settings.cloud, settings.project, settings.target, account.id, settings.region)
spec = AccessSpec(account, names, settings.tags, settings.trust, settings.brought, settings.features)
made = cloud.Access("access", spec)

pulumi.export("deploy", made.deploy)
pulumi.export("preview", made.preview)

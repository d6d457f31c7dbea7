"""How a hostile local Azure makes it hard for its callers; friendly ones have no `Rules` at all.

Identity is enforced everywhere (arm/authorization.py); here grants are late (arm/grants.py draws them), providers are
not registered, calls are throttled, operations exclude one another, quotas are those of a new subscription, and what
was deleted keeps its name.
"""

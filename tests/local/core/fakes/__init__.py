"""Two clouds that are as small as can be: what the supervisor is tested with. See TRIFOLD_LOCAL_PACKAGE."""

"""The typed resource classes of the kit's own provider, for programs: plain Pulumi classes, no cloud's SDK."""

"""Blob Storage: callers checked and mapped onto Azurite, with versions kept in front of it."""

"""What a hostile AWS does to its callers beside checking them; grants that come late are in ../principals.py."""

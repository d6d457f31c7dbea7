"""What a hostile Google Cloud does to its callers beside checking them; grants that come late are in ../policies.py and
../custom_roles.py, accounts that are not known at once in ../iam.py."""

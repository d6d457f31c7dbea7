"""`trifold doctor`: what would go wrong with a stack on its account, found by reading, with the mending commands.

One file a cloud (aws.py, azure.py, gcp.py), with the same functions in the same order; checks.py has what they share.
"""

"""The contracts: one file a capability, with frozen specs and the outputs every cloud promises. No cloud inside.

Each cloud's folder has a file of the same name with one component a capability, registered as
`trifold:<cloud>:<Capability>` and constructed as the contract says.
"""

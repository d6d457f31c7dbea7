"""What a user does with a stack that is up, through each vendor's own SDK: one file a cloud, the same functions.

overwrite(outputs)    -> the contents of both versions of an object that was overwritten, newest first
anonymous(outputs)    -> the HTTP status of a request for the package's archive without credentials
archive(outputs)      -> SHA-256 of the archive in the store
budgets(outputs)      -> {name: US dollars a month} of the budgets in the account
left(outputs)         -> the identifiers of all that is in the account, for "nothing is left"
bring(parts)          -> make what a platform team has already: account, region, and ids by key of trifold:existing
brought(parts)        -> all that is there of it, as text: its settings, what is on it and in it
take_away(parts)      -> delete it
"""

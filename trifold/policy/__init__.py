"""Policy as code: declared rules, checked on the event data of any Pulumi preview.

Data flows one way: events (`events`) -> resources (`resource`) -> rules (`rule`, `rules`) -> a report (`check`,
`exceptions`) -> text, JSON, SARIF (`render`, `sarif`). The Pulumi policy pack in `policy_pack/` is made of the same
rules. Imports nothing but the standard library and PyYAML, so that the pack's own environment can have it.
"""

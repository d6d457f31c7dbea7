"""Prices, limits and replace-on-change rules of the three clouds, each with its source, date and confidence.

The records are the JSON files in `data/`; this module only types them. Nothing here is fetched, and a price that is
not in the snapshot is unknown, never zero.
"""

from trifold.facts.load import Limit, Price, Replacement, limits, prices, replacement, replacements

__all__ = ["Limit", "Price", "Replacement", "limits", "prices", "replacement", "replacements"]

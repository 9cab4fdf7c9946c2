"""Whether the ledger is the one that the cache knows: all that a build looks at in which nothing changed."""

from __future__ import annotations

import json

from feeder.config.slices import LedgerRules
from feeder.ledger.file import look

KNOWN = "ledger"
"""The name of the cache's note: JSON, the ledger's path, its look, the digest of its bytes, and what it is used as."""


def used_as(rules: LedgerRules, site_id: str) -> str:
    """Return what decides, besides its bytes, what a ledger says of the posts of a site."""
    return f"{rules.updating.value} {site_id}"


def is_known(note: str, rules: LedgerRules, site_id: str) -> bool:
    """Say whether the cache's `note` is of the ledger as it is now, by its look."""
    if not note:
        return False
    path, seen, _, under = json.loads(note)
    return (path, seen, under) == (rules.path, look(rules.path), used_as(rules, site_id))

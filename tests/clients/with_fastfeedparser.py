"""What fastfeedparser reads: URLs on stdin, one a line; on stdout, as JSON, the entries of each by its URL."""

from __future__ import annotations

import json
import sys

import fastfeedparser

FIELDS = ("id", "title", "link", "published", "updated")

found = {
    url: [{field: entry.get(field) for field in FIELDS} for entry in fastfeedparser.parse(url).entries]
    for url in sys.stdin.read().split()
}
json.dump(found, sys.stdout)

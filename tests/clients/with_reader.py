"""What lemon24's reader reads: URLs on stdin, one a line; on stdout, as JSON, the entries of each by its URL."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from datetime import datetime

from reader import make_reader


def _text(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


urls = sys.stdin.read().split()
found: dict[str, list[dict[str, str | None]]] = defaultdict(list)
with make_reader(":memory:") as reader:
    for url in urls:
        reader.add_feed(url)
    for result in reader.update_feeds_iter(workers=4):
        if isinstance(result.value, Exception):
            raise result.value
    for entry in reader.get_entries():
        found[entry.feed_url].append(
            {
                "id": entry.id,
                "title": entry.title,
                "link": entry.link,
                "published": _text(entry.published),
                "updated": _text(entry.updated),
            }
        )
json.dump({url: found[url] for url in urls}, sys.stdout)

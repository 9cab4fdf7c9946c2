"""What lemon24's reader reads: URLs on stdin, one a line; on stdout, as JSON, the entries of each by its URL.

With a file on the command line it is a subscriber who comes back: it remembers there what it read, and prints how many
entries were new to it, and how many modified.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from datetime import datetime

from reader import make_reader


def _text(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


urls = sys.stdin.read().split()
memory = sys.argv[1] if len(sys.argv) > 1 else ":memory:"
found: dict[str, list[dict[str, str | None]]] = defaultdict(list)
news: dict[str, list[int]] = {}
with make_reader(memory) as reader:
    for url in urls:
        reader.add_feed(url, exist_ok=True)
    for result in reader.update_feeds_iter(scheduled=False, workers=4):
        if isinstance(result.value, Exception):
            raise result.value
        news[result.url] = [result.value.new, result.value.modified] if result.value else [0, 0]
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
json.dump(news if len(sys.argv) > 1 else {url: found[url] for url in urls}, sys.stdout)

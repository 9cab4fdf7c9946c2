"""How often a feed is worth asking for: RSS `ttl` and RSS 1.0's syndication module, from the feed's own history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from feeder.model.feed import Rhythm

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
# From the slowest on: a feed is as slow as the first row whose gap its own reaches. Few rows, so that it seldom
# changes; `ttl` is a day at most, since who pauses for a month may still be back tomorrow.
_RHYTHMS = (
    (30 * _DAY, Rhythm("monthly", 1, 1440)),
    (7 * _DAY, Rhythm("weekly", 1, 1440)),
    (_DAY, Rhythm("daily", 1, 1440)),
    (6 * _HOUR, Rhythm("daily", 4, 360)),
    (timedelta(), Rhythm("hourly", 1, 60)),
)


def rhythm(published: Sequence[datetime]) -> Rhythm | None:
    """Return the rhythm of a feed whose entries were published at `published`, newest first; None of a single one.

    It is that of the median gap between neighbours; of two in the middle the shorter one: rather asked once too often.
    """
    gaps = sorted(newer - older for newer, older in pairwise(published))
    if not gaps:
        return None
    median = gaps[(len(gaps) - 1) // 2]
    return next(found for gap, found in _RHYTHMS if median >= gap)

"""A check from top to bottom: every document of a folder by itself, then all of them held against each other."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from feeder.check.chains import chain_faults
from feeder.check.fault import Fault
from feeder.check.finding import Finding, finding
from feeder.check.folder import feed_files, read_feed
from feeder.check.judge import judge
from feeder.check.lists import list_faults
from feeder.check.reading import read
from feeder.check.site import Placed, site_faults
from feeder.check.summary import Summariser, Summary, placed
from feeder.errors import UsageError
from feeder.model.problem import printable

# Of one kind of fault between documents no more is said of one document.
_MOST = 20


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, feeds and lists of feeds, and what was found, by file and line."""

    documents: int
    findings: tuple[Finding, ...]


def check(place: str) -> Checked:
    """Return what is wrong with the feeds in the folder `place`, or in the file; raises UsageError where it is neither.

    Whatever the files hold, it is a finding. A file alone is not asked where it stands.
    """
    if not os.path.lexists(place):
        raise UsageError(f"{printable(place)!r} is not there: name the folder that the feeds are published in")
    if not os.path.isdir(place):
        summaries, found = _judged([("", read_feed(place))])
    else:
        summaries, found = _judged((path, read_feed(os.path.join(place, path))) for path in feed_files(place))
        found.extend(together(summaries, {path for path, _ in found}))
    if not found and not summaries:
        found.append(("", Fault("NoFeeds", 0, "no feed is here")))
    named = (finding(os.path.join(place, path) if path else place, fault) for path, fault in found)
    return Checked(len(summaries), tuple(sorted(named)))


def check_documents(documents: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """Return what is wrong with `documents`, which are served by their paths below one address."""
    summaries, found = _judged(sorted(documents.items()))
    found.extend(together(summaries, {path for path, _ in found}))
    return tuple(sorted(finding(path, fault) for path, fault in found))


def together(summaries: Sequence[Summary], faulty: Collection[str]) -> Iterator[Placed]:
    """Yield what is wrong between the documents of a folder; of those at `faulty` something is known to be wrong."""
    known = placed(summaries)
    found = [*site_faults(known), *chain_faults(known)]
    found.extend(list_faults(known, {*faulty, *(path for path, _ in found)}))
    numbers: dict[tuple[str, str], int] = {}
    for path, fault in found:
        number = numbers[path, fault.code] = numbers.get((path, fault.code), 0) + 1
        if number <= _MOST:
            yield path, fault
    for (path, code), number in numbers.items():
        if number > _MOST:
            yield path, Fault(code, 0, f"{number - _MOST:,} more like the {_MOST} above")


def _judged(files: Iterable[tuple[str, bytes | Fault]]) -> tuple[list[Summary], list[Placed]]:
    """Return the summaries of the files that are feeds, and what is wrong with each by itself."""
    summariser = Summariser()
    summaries: list[Summary] = []
    found: list[Placed] = []
    for path, data in files:
        if isinstance(data, Fault):
            found.append((path, data))
            continue
        document = read(data)
        found.extend((path, fault) for fault in judge(data, document))
        if summary := summariser.summary(path, data, document):
            summaries.append(summary)
    return summaries, found

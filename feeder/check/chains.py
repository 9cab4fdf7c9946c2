"""Archives (RFC 5005 §4): from a feed all of its documents are reached, and in them every entry that it ever had."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from feeder.check.document import Kind
from feeder.check.fault import Fault, shown
from feeder.check.site import Placed
from feeder.check.summary import (
    FEEDS,
    Known,
    Summary,
    by_address,
    common_base,
    heads,
    plain,
    previous,
    twins,
)


@dataclass(frozen=True, slots=True)
class Chain:
    """A feed and its archive documents, the newest first; `broken` where a walk did not come to its end."""

    head: Summary
    archives: tuple[Summary, ...]
    broken: bool = False

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all entries in it."""
        return self.shown | self.archived

    @property
    def shown(self) -> frozenset[str]:
        """The ids of the entries in the feed's own document."""
        return frozenset(entry.id for entry in self.head.entries)

    @property
    def archived(self) -> frozenset[str]:
        """The ids of the entries in its archive documents."""
        return frozenset(entry.id for one in self.archives for entry in one.entries)


def chain_faults(summaries: Sequence[Summary]) -> Iterator[Placed]:
    """Yield what keeps a reader that walks from a feed from finding every entry, once."""
    feeds = [one for one in summaries if one.kind in FEEDS]
    there = by_address(feeds)
    base = common_base(feeds)
    chains: list[Chain] = []
    for head in heads(feeds):
        walk = _Walk(head, there, base)
        yield from walk.faults()
        chains.append(Chain(head, tuple(walk.archives), walk.broken))
    reached = {id(one) for chain in chains for one in chain.archives}
    lost = [feed for feed in feeds if feed.archive and id(feed) not in reached]
    for feed in lost:
        message = "no walk from a feed that is here comes by this document"
        yield feed.path, Fault("ArchiveUnreachable", feed.line, message)
    for chain in chains:
        yield from _twice(chain)
    yield from _alone([feed for feed in feeds if feed.archive])
    # Of what is known to be cut off, nothing more is said.
    yield from _missing([replace(chain, broken=chain.broken or _is_cut(chain, lost)) for chain in chains], base)


class _Walk:
    """A walk from a feed back through its archive, as a reader walks it."""

    def __init__(self, head: Summary, there: dict[str, Summary], base: str) -> None:
        self.archives: list[Summary] = []
        self.broken = False
        self._head = head
        self._there = there
        self._base = base

    def faults(self) -> Iterator[Placed]:
        """Yield what is wrong on the way; then `archives` are the documents that were come by."""
        here, seen = self._head, {self._head.address}
        while link := previous(here):
            address = plain(link.href)
            found = self._there.get(address)
            self.broken = address in seen or found is None
            if address in seen:
                yield here.path, Fault("ArchiveLoop", link.line, f"the archive leads back to {shown(link.href)}")
            elif found is None and self._base and address.startswith(self._base):
                yield here.path, Fault("ArchiveLinkBroken", link.line, f"{shown(link.href)} is not there")
            if self.broken or found is None:
                return
            seen.add(address)
            self.archives.append(found)
            if found.kind is not Kind.JSON:
                yield from self._document_faults(found, here)
            here = found

    def _document_faults(self, found: Summary, came_from: Summary) -> Iterator[Placed]:
        head = self._head
        if not found.archive:
            yield found.path, Fault("ArchiveNotMarked", found.line, "it is a document of an archive, and not so marked")
        if found.id != head.id and found.kind is Kind.ATOM:
            message = f"its id is {shown(found.id)}, and that of its feed is {shown(head.id)}"
            yield found.path, Fault("ArchiveOfAnother", found.line, message)
        current = found.linked("current")
        if current and plain(current.href) != head.address:
            message = f"its feed is {shown(head.self_link)}, and it says {shown(current.href)}"
            yield found.path, Fault("ArchiveOfAnother", current.line, message)
        after = found.linked("next-archive")
        if after and plain(after.href) != came_from.address:
            message = f"its next-archive is {shown(after.href)}, and it comes before {shown(came_from.self_link)}"
            yield found.path, Fault("ArchiveLinksNotMutual", after.line, message)
        # The newest document may name the feed itself as what comes next, or nothing; and one without any link has a
        # name of its own.
        elif not after and came_from is not head and found.linked("prev-archive"):
            message = f"{shown(came_from.self_link)} comes after it, and no next-archive leads there"
            yield found.path, Fault("ArchiveLinksNotMutual", found.line, message)


def _alone(archives: Sequence[Summary]) -> Iterator[Placed]:
    """Yield archive documents that link to no other, though there are others: a feed's only one has none to name."""
    numbers = Counter((one.kind, one.id, _current(one)) for one in archives)
    for one in archives:
        linked = one.linked("prev-archive") or one.linked("next-archive")
        if one.kind is not Kind.JSON and not linked and numbers[one.kind, one.id, _current(one)] > 1:
            yield (
                one.path,
                Fault("ArchiveIncomplete", one.line, "it is an archive, and links to no other document of it"),
            )


def _current(archive: Summary) -> str:
    link = archive.linked("current")
    return plain(link.href) if link else ""


def _is_cut(chain: Chain, lost: Sequence[Summary]) -> bool:
    """Say whether a document of `lost` belongs to the feed: it says so, or stands below it under its title."""
    head = chain.head
    for one in lost:
        current = one.linked("current")
        below = one.title == head.title and one.path.startswith(head.folder)
        if one.kind is head.kind and (plain(current.href) == head.address if current else below):
            return True
    return False


def _twice(chain: Chain) -> Iterator[Placed]:
    known: dict[str, Summary] = {}
    for archive in chain.archives:
        for entry in archive.entries:
            first = known.setdefault(entry.id, archive)
            if first is not archive:
                message = f"{shown(entry.id)} stands in {shown(first.path)} too"
                yield archive.path, Fault("ArchiveEntryTwice", entry.line, message)


def _missing(chains: Sequence[Chain], base: str) -> Iterator[Placed]:
    """Yield entries that belong to a feed, as others say, and stand in none of its documents.

    Asked are feeds that say they are whole, by an archive or by fh:complete, and those feeds' other formats. Others are
    those formats, and categories whose scheme and term are the feed's place.
    """
    belonging = _belonging([chain for chain in chains if chain.head.kind is Kind.ATOM], base)
    by_head = {id(chain.head): chain for chain in chains}
    for group in twins([chain.head for chain in chains], several=1):
        formats = [by_head[id(head)] for head in group]
        if not any(chain.archives or chain.head.complete for chain in formats):
            continue
        for chain in formats:
            if chain.broken:
                continue
            folder = chain.head.address.rpartition("/")[0]
            wanted = {entry.id for entry in belonging.get(f"{folder}/", ())}
            if _comparable(formats):  # not where formats name entries in ways of their own
                wanted = wanted.union(*(other.archived for other in formats))
                # What another format's own document shows, and this one's not, is told of these two.
                wanted = wanted.difference(*(other.shown for other in formats if other is not chain))
            missing = sorted(wanted - chain.ids)
            if missing:
                others = f" and {len(missing) - 1:,} more" if len(missing) > 1 else ""
                message = f"{shown(missing[0])}{others} belongs to the feed, and stands in none of its documents"
                yield chain.head.path, Fault("MissingFromArchive", chain.head.line, message)


def _comparable(formats: Sequence[Chain]) -> bool:
    return all(not formats[0].ids.isdisjoint(other.ids) for other in formats)


def _belonging(chains: Sequence[Chain], base: str) -> dict[str, list[Known]]:
    """Return the entries that belong to the feed in a folder: those of a category whose scheme and term are its place.

    All of them belong to the feed at the top.
    """
    folders = {f"{chain.head.address.rpartition('/')[0]}/" for chain in chains}
    found: dict[str, list[Known]] = {}
    for chain in chains:
        for one in (chain.head, *chain.archives):
            for entry in one.entries:
                places = {f"{plain(scheme)}{unquote(term)}/" for scheme, term in entry.places} & folders
                for folder in places | ({base} if places else set()):
                    found.setdefault(folder, []).append(entry)
    return found

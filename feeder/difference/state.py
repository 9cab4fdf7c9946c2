"""All documents of a dist as one state of a site: its feeds, and its entries, each once in however many it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote

from feeder.check.document import Kind
from feeder.difference.sheet import Face, Sheet

# Which format says most of an entry: two states are compared by the first that both have.
ORDER = (Kind.ATOM, Kind.JSON, Kind.RSS)
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SeenAddress:
    """Where a feed stands in one format: its path below dist, and the URL that the document says is its own, or ""."""

    kind: Kind
    path: str
    url: str


@dataclass(frozen=True, slots=True)
class SeenFeed:
    """A feed with the ids of the entries that its documents show; `id` is "" where none says it.

    `current` are those in its subscription documents, `entries` those in its archive documents too (RFC 5005).
    """

    title: str
    id: str
    addresses: tuple[SeenAddress, ...]
    entries: frozenset[str]
    current: frozenset[str]

    @property
    def name(self) -> str:
        """The path that the feed is named by: that of its first format."""
        return self.addresses[0].path


@dataclass(frozen=True, slots=True)
class SeenEntry:
    """An entry: how each format shows it, in `ORDER`, and the feeds it stands in, by their names."""

    id: str
    faces: tuple[tuple[Kind, Face], ...]
    feeds: tuple[str, ...]

    @property
    def face(self) -> Face:
        """What the format that says most says of it."""
        return self.faces[0][1]


@dataclass(frozen=True, slots=True)
class State:
    """The feeds of a dist, by their names, and its entries, by their ids.

    `marks` are short digests of the ids of all entries there are, shown or not (`feeder.write.manifest.mark`): none
    where nobody wrote them down.
    """

    feeds: tuple[SeenFeed, ...] = ()
    entries: tuple[SeenEntry, ...] = ()
    marks: frozenset[str] = frozenset()


def state(pages: Iterable[tuple[str, Sheet]], marks: frozenset[str]) -> State:
    """Return the state that documents, each with its path below dist, show.

    Documents of one folder and one title are one feed in several formats, and so are those that say to stand at one
    address; archive documents belong to the feed of their id or, where they say none, to that of their title in the
    folders above them.
    """
    there = sorted(pages, key=lambda page: page[0])
    further = {one.next_url for _, one in there if one.next_url}
    groups = _Groups()
    for path, one in there:
        if not (one.archive or one.url in further):
            groups.add(path, one)
    for path, one in there:
        if one.archive or one.url in further:
            groups.add_archive(path, one)
    feeds = sorted((group.feed() for group in groups.found), key=lambda feed: feed.name)
    return State(tuple(feeds), tuple(_entries(there, feeds)), marks)


class _Group:
    def __init__(self) -> None:
        self.pages: list[tuple[str, Sheet]] = []
        self.archives: list[Sheet] = []

    def feed(self) -> SeenFeed:
        addresses = [SeenAddress(one.kind, path, one.url) for path, one in self.pages]
        # What stands at its own address comes before what is only left at an old one.
        addresses.sort(key=lambda one: (not _is_own(one), ORDER.index(one.kind), one.path))
        sheets = [one for _, one in self.pages]
        return SeenFeed(
            title=sheets[0].title,
            id=next((one.id for one in sheets if one.id), ""),
            addresses=tuple(addresses),
            entries=_ids((*sheets, *self.archives)),
            current=_ids(sheets),
        )


class _Groups:
    def __init__(self) -> None:
        self.found: list[_Group] = []
        self._by_title: dict[tuple[str, str], _Group] = {}
        self._by_url: dict[tuple[Kind, str], _Group] = {}
        self._by_id: dict[str, _Group] = {}

    def add(self, path: str, one: Sheet) -> None:
        place = (path.rpartition("/")[0], one.title)
        group = self._by_url.get((one.kind, one.url)) or self._by_title.get(place)
        if group is None:
            group = _Group()
            self.found.append(group)
        self._by_title.setdefault(place, group)
        if one.url:
            self._by_url.setdefault((one.kind, one.url), group)
        if one.id:
            self._by_id.setdefault(one.id, group)
        group.pages.append((path, one))

    def add_archive(self, path: str, one: Sheet) -> None:
        group = self._by_id.get(one.id)
        folder = path
        while group is None and folder:
            folder = folder.rpartition("/")[0]
            group = self._by_title.get((folder, one.title))
        if group is None:
            self.add(path, one)
        else:
            group.archives.append(one)


def _ids(sheets: Iterable[Sheet]) -> frozenset[str]:
    return frozenset(entry for one in sheets for entry, _ in one.entries)


def _is_own(address: SeenAddress) -> bool:
    return unquote(address.url).endswith(f"/{address.path}")


def _entries(pages: Iterable[tuple[str, Sheet]], feeds: Iterable[SeenFeed]) -> Iterator[SeenEntry]:
    faces: dict[str, dict[Kind, Face]] = {}
    for _, one in pages:
        for name, face in one.entries:
            known = faces.setdefault(name, {}).setdefault(one.kind, face)
            # An archive document may be older than the subscription document (RFC 5005 §4).
            if known is not face and (face.updated or _LONG_AGO) > (known.updated or _LONG_AGO):
                faces[name][one.kind] = face
    places: dict[str, list[str]] = {name: [] for name in faces}
    for feed in feeds:
        for name in feed.entries:
            places[name].append(feed.name)
    for name in sorted(faces):
        shown = tuple((kind, faces[name][kind]) for kind in ORDER if kind in faces[name])
        yield SeenEntry(name, shown, tuple(places[name]))

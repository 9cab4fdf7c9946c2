"""The judge: every rule of SPEC §6 that one or all feeds of a site can be held against, independent of feeder.

It shares no code with feeder and reads the documents with other libraries than those that wrote them: lxml and
`rfc4287.rng` for the XML, html5lib and the standard library for the HTML inside; for JSON there is only one. Where the
W3C feed validator has a name for a fault, the finding bears it.

What it cannot know is left to tests that know the posts: whether the language was guessed, whether a known author is
missing, whether what a reader decodes is what the author meant (rule 14). `check_escaping` names what looks as if it
had been escaped twice; real posts come so from their sources, and then it is right: the other checks do without it.
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from tests.judging import atom, jsonfeed, opml, rss
from tests.judging.finding import Finding
from tests.judging.names import ATOM
from tests.judging.pair import json_pair_faults, pair_faults
from tests.judging.raw import parse, raw_faults
from tests.judging.shared_rules import suspicions
from tests.judging.site import site_faults, term_faults

__all__ = [
    "Finding",
    "check_atom",
    "check_escaping",
    "check_json",
    "check_json_pair",
    "check_lists",
    "check_opml",
    "check_pair",
    "check_rss",
    "check_site",
    "check_terms",
]


def check_atom(data: bytes, url: str) -> list[Finding]:
    """Return what is wrong with the Atom document `data` that is served at `url`."""
    found = list(raw_faults(data))
    root = parse(data)
    if isinstance(root, Finding):
        return [*found, root]
    if root.tag != f"{ATOM}feed":
        return [*found, Finding(1, "UndefinedElement", f"<{root.tag}> is no Atom feed", "document")]
    return [*found, *atom.atom_faults(root, url)]


def check_rss(data: bytes, url: str) -> list[Finding]:
    """Return what is wrong with the RSS document `data` that is served at `url`."""
    found = list(raw_faults(data))
    root = parse(data)
    if isinstance(root, Finding):
        return [*found, root]
    return [*found, *rss.rss_faults(root, url)]


def check_json(data: bytes, url: str) -> list[Finding]:
    """Return what is wrong with the JSON Feed `data` that is served at `url`."""
    root = jsonfeed.parse(data)
    return [root] if isinstance(root, Finding) else list(jsonfeed.json_faults(data, root, url))


def check_escaping(data: bytes) -> list[Finding]:
    """Return where a reader of the Atom or RSS document `data` would see `&lt;` or `</p>`, outside of code."""
    root = parse(data)
    if isinstance(root, Finding):
        return [root]
    return list(suspicions(atom.view(root) if root.tag == f"{ATOM}feed" else rss.view(root)))


def check_pair(atom_data: bytes, rss_data: bytes) -> list[Finding]:
    """Return where the Atom and the RSS document of one feed say different things."""
    roots = parse(atom_data), parse(rss_data)
    if isinstance(roots[0], Finding) or isinstance(roots[1], Finding):
        return [root for root in roots if isinstance(root, Finding)]
    return list(pair_faults(atom.view(roots[0]), rss.view(roots[1])))


def check_json_pair(atom_data: bytes, json_data: bytes) -> list[Finding]:
    """Return where the Atom document and the JSON Feed of one feed say different things."""
    root, found = parse(atom_data), jsonfeed.parse(json_data)
    if isinstance(root, Finding) or isinstance(found, Finding):
        return [one for one in (root, found) if isinstance(one, Finding)]
    return list(json_pair_faults(atom.view(root), jsonfeed.view(found)))


def check_opml(data: bytes) -> list[Finding]:
    """Return what is wrong with the subscription list `data`."""
    found = list(raw_faults(data))
    root = parse(data)
    return [*found, root] if isinstance(root, Finding) else [*found, *opml.opml_faults(root)]


def check_lists(documents: Mapping[str, bytes], first: str = "atom.xml") -> list[Finding]:
    """Return where `feeds.opml` and `feeds.json` of a site at default addresses are not what its documents say.

    `first` is the name of the files of the first format. No document may be an archive's.
    """
    root = parse(documents["feeds.opml"])
    catalogue = jsonfeed.parse(documents["feeds.json"])
    if isinstance(root, Finding) or isinstance(catalogue, Finding):
        return [one for one in (root, catalogue) if isinstance(one, Finding)]
    roots, _ = _feeds(documents)
    views = {path: atom.view(root) if root.tag == f"{ATOM}feed" else rss.view(root) for path, root in roots.items()}
    views |= {path: jsonfeed.view(found) for path, found in _objects(documents).items()}
    return list(opml.list_faults(root, catalogue, documents, views, first))


def check_site(documents: Mapping[str, bytes]) -> list[Finding]:
    """Return where the feeds of a site contradict each other; `documents` are the files of dist by path below it.

    Feeds are known by their root element or version; files of other kinds are passed over. A folder's `atom.xml` is
    held against its `rss.xml` and its `feed.json`. Each document alone is for `check_atom` and its like.
    """
    roots, found = _feeds(documents)
    return [*found, *site_faults(roots, _objects(documents))]


def check_terms(documents: Mapping[str, bytes]) -> list[Finding]:
    """Return the terms that have no feed and the entries that stand in a wrong one, at the default addresses."""
    roots, found = _feeds(documents)
    return [*found, *term_faults(roots)]


def _feeds(documents: Mapping[str, bytes]) -> tuple[dict[str, etree._Element], list[Finding]]:
    roots: dict[str, etree._Element] = {}
    found: list[Finding] = []
    for path, data in sorted(documents.items()):
        if not path.endswith((".xml", ".atom", ".rss")):
            continue
        root = parse(data)
        if isinstance(root, Finding):
            found.append(Finding(root.rule, root.name, root.message, path))
        elif root.tag in (f"{ATOM}feed", "rss"):
            roots[path] = root
    return roots, found


def _objects(documents: Mapping[str, bytes]) -> dict[str, jsonfeed.Json]:
    return {
        path: root
        for path, data in sorted(documents.items())
        if path.endswith(".json") and not isinstance(root := jsonfeed.parse(data), Finding) and jsonfeed.is_feed(root)
    }

"""The second half of a build: entries become fragments, each once, and fragments are joined to documents."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from feeder import rendering
from feeder.cache.fragments import Fragments
from feeder.cache.store import Store
from feeder.collect.walk import walk
from feeder.config.slices import ContentRules
from feeder.engine.choice import Engines
from feeder.engine.limits import Death
from feeder.errors import InputOutputError
from feeder.model.entry import Entry, Rendered
from feeder.model.feed import Planned
from feeder.normalise.content import compose
from feeder.render.formats import FORMATS, InvalidDocumentError
from feeder.rendering import Rendering, documents, render_entry
from feeder.survey import Published, Surveyor
from tests.cache.blog import Blog, Witness


@dataclass(slots=True)
class Bench:
    """What rendering needs: plans, fragments, rules, an engine; `witness` is told."""

    planned: tuple[Planned, ...]
    fragments: Fragments
    rules: ContentRules
    engines: Engines
    witness: Witness

    def rendering(self, *planned: Planned, rules: ContentRules | None = None) -> Rendering:
        """Return the rendering of `planned`, or of all."""
        return Rendering(planned or self.planned, self.fragments, rules or self.rules, self.engines, self.witness)

    def entry(self, title: str) -> Entry:
        """Return the entry of that title."""
        return next(entry for one in self.planned for entry in one.plan.entries if entry.title == title)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Three posts in two tags, planned and not rendered."""
    blog = Blog(tmp_path)
    for number, tags in enumerate(("[a]", "[a, b]", "[]"), 1):
        blog.post(f"{number}.md", f"Body {number}.", date=f"2024-05-0{number}", title=f"T{number}", tags=tags)
    site = blog.load()
    with Store("", "v") as store, Engines("serial") as engines:
        surveyor = Surveyor(site, store, engines, Witness())
        survey = surveyor.survey(walk(site.walk), Published())
        yield Bench(tuple(survey.plan.planned), surveyor.fragments, site.content, engines, Witness())


def test_every_entry_is_rendered_once(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries that several feeds show are rendered once, and those that were rendered before not at all."""
    titles: list[str] = []

    def counting(entry: Entry, *rest: Any, **named: Any) -> Rendered:
        titles.append(entry.title)
        return render_entry(entry, *rest, **named)

    monkeypatch.setattr(rendering, "render_entry", counting)
    work = bench.rendering(bench.planned[1])
    assert [[entry.title for entry in one.entries] for one in work.windows()] == [["T2", "T1"]]
    assert (work.count, sorted(titles)) == (2, ["T1", "T2"])
    work = bench.rendering()
    windows = list(work.windows())
    assert [[entry.title for entry in one.entries] for one in windows] == [["T3", "T2", "T1"], ["T2", "T1"], ["T2"]]
    assert (work.count, work.failed, sorted(titles)) == (1, {}, ["T1", "T2", "T3"])
    assert bench.witness.stages == {"rendering": 1}
    assert [(one.path, one.cut) for one in windows] == [
        ("atom.xml", ""),
        ("tags/a/atom.xml", ""),
        ("tags/b/atom.xml", ""),
    ]
    assert [one.fingerprint for one in windows] == [one.plan.fingerprint for one in bench.planned]


def test_documents_of_a_window(bench: Bench) -> None:
    """A window has a document for each address, of its entries in their order, with its plan's fingerprint."""
    window = next(bench.rendering().windows())
    atom, rss = documents(window, bench.fragments)
    assert (atom.path, rss.path) == ("atom.xml", "rss.xml")
    assert atom.data.count(b"<entry>") == rss.data.count(b"<item>") == 3
    assert atom.data.index(b"Body 3") < atom.data.index(b"Body 2") < atom.data.index(b"Body 1")
    assert atom.fingerprint == rss.fingerprint == bench.planned[0].plan.fingerprint
    assert b"<updated>2024-05-03T00:00:00Z</updated>" in atom.data.partition(b"<entry>")[0]


def _failing(bench: Bench, monkeypatch: pytest.MonkeyPatch, *titles: str) -> None:
    def broken(raw: Any, entry: Entry, *rest: Any) -> Any:
        if entry.title in titles:
            raise ValueError(f"not {entry.title}")
        return compose(raw, entry, *rest)

    monkeypatch.setattr(rendering, "compose", broken)
    assert bench.planned


def test_entries_that_fail_are_passed_over(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that cannot be rendered is in no window; feeds without it vouch for no plan."""
    _failing(bench, monkeypatch, "T2")
    work = bench.rendering()
    windows = list(work.windows())
    assert [[entry.title for entry in one.entries] for one in windows] == [["T3", "T1"], ["T1"]]
    assert [one.fingerprint for one in windows] == ["", ""]
    assert [one.cut for one in windows] == ["", ""]
    assert list(work.failed) == [bench.entry("T2").id]
    assert [problem.code for one in work.failed.values() for problem in one.problems] == ["internal"]
    assert {one.fingerprint for window in windows for one in documents(window, bench.fragments)} == {""}


def test_windows_are_cut_alike_in_every_format(bench: Bench) -> None:
    """A window shows the entries that fit into the largest format, and says what it leaves out."""
    list(bench.rendering().windows())
    sizes = {}
    for entries, room in ((3, 100_000), (1, 10)):
        window = next(bench.rendering(rules=replace(bench.rules, max_bytes=room)).windows())
        assert len(window.entries) == entries
        sizes[entries] = [len(one.data) for one in documents(window, bench.fragments)]
    room = max(sizes[3]) - 1
    window = next(bench.rendering(rules=replace(bench.rules, max_bytes=room)).windows())
    assert [entry.title for entry in window.entries] == ["T3", "T2"]
    assert window.cut == f"atom.xml: 2 of 3 entries, cut at max_bytes = {room:,}"
    assert max(len(one.data) for one in documents(window, bench.fragments)) <= room
    assert window.fingerprint == bench.planned[0].plan.fingerprint


def test_a_cut_window_is_dated_by_what_it_shows(bench: Bench) -> None:
    """Where the entry that was updated last is cut off, the feed is no younger than the entries that it shows."""
    one = bench.planned[0]
    late = replace(one.plan.entries[-1], updated=one.plan.entries[0].updated.replace(year=2025))
    plan = replace(one.plan, entries=(*one.plan.entries[:-1], late))
    list(bench.rendering().windows())
    planned = replace(one, plan=plan)
    whole = next(bench.rendering(planned).windows())
    assert b"<updated>2025" in next(documents(whole, bench.fragments)).data.partition(b"<entry>")[0]
    window = next(bench.rendering(planned, rules=replace(bench.rules, max_bytes=10)).windows())
    assert b"<updated>2025" not in next(documents(window, bench.fragments)).data


def test_an_entry_too_big_for_any_feed_is_its_excerpt(bench: Bench) -> None:
    """An entry that alone exceeds max_bytes is rendered as its excerpt and link, with a warning."""
    entry = bench.entry("T1")
    with open(entry.source.file, "a", encoding="utf-8") as stream:
        stream.write("\n\n" + "Many words. " * 2_000)
    done = render_entry(entry, rules=replace(bench.rules, max_bytes=20_000))
    assert [(problem.code, problem.file) for problem in done.problems] == [("too-big-for-a-feed", entry.source.file)]
    assert "max_bytes = 20,000" in done.problems[0].message
    assert max(len(one.data) for one in done.fragments) < 5_000
    assert render_entry(entry, rules=bench.rules).problems == ()


def test_an_entry_whose_file_is_gone(bench: Bench) -> None:
    """A post that went since its head was read gives no fragments, with the reason; bytes that were sent are enough."""
    entry = bench.entry("T1")
    data = Path(entry.source.file).read_bytes()
    expected = render_entry(entry, rules=bench.rules)
    os.unlink(entry.source.file)
    gone = render_entry(entry, rules=bench.rules)
    assert (gone.fragments, [problem.code for problem in gone.problems]) == ((), ["unreadable"])
    assert render_entry(entry, data, rules=bench.rules) == expected
    assert [one.format for one in expected.fragments] == ["atom", "rss"]


def test_want_of_memory_is_the_engines_business(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where memory runs out over an entry the engine is told, and the entry is left out, with what it died of."""

    def starved(*_: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(rendering, "compose", starved)
    with pytest.raises(MemoryError):
        render_entry(bench.entry("T1"), rules=bench.rules)
    work = bench.rendering()
    assert list(work.windows()) == []
    assert {problem.code for one in work.failed.values() for problem in one.problems} == {"died"}
    assert all(Death.MEMORY.value in one.problems[0].message for one in work.failed.values())


def test_a_document_that_is_no_xml_is_an_error(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would be no well-formed document is never handed on: the build ends with a sentence that names it."""
    window = next(bench.rendering().windows())

    def refuse(_: bytes) -> None:
        raise InvalidDocumentError("no XML")

    monkeypatch.setitem(FORMATS, "atom", replace(FORMATS["atom"], check=refuse))
    with pytest.raises(InputOutputError, match=r"atom\.xml would not be well-formed \(no XML\)"):
        list(documents(window, bench.fragments))


def test_a_document_that_is_no_valid_feed_is_an_error(bench: Bench) -> None:
    """What readers would stumble over is never handed on: a head of another place, entries twice, in disorder, none."""
    window = next(bench.rendering().windows())
    for entries, code in (
        ((*window.entries, window.entries[-1]), "DuplicateEntries"),
        (window.entries[::-1], "NotNewestFirst"),
        ((), "EmptyFeed"),
    ):
        with pytest.raises(InputOutputError, match=rf"^atom\.xml would be invalid \({code}: .*please report it$"):
            list(documents(replace(window, entries=entries), bench.fragments))
    swapped = replace(window, envelopes=window.envelopes[::-1])
    with pytest.raises(InputOutputError, match=r"^atom\.xml would be invalid \(SelfDoesntMatchLocation"):
        list(documents(swapped, bench.fragments))


def test_a_fragment_that_is_no_xml_is_a_failure_of_its_entry(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that would break every document it stands in is left out, and the documents are of the others."""

    def refuse(data: bytes) -> None:
        if b"Body 2" in data:
            raise InvalidDocumentError("not well-formed")

    monkeypatch.setitem(FORMATS, "atom", replace(FORMATS["atom"], check_fragment=refuse))
    work = bench.rendering()
    assert [entry.title for entry in next(work.windows()).entries] == ["T3", "T1"]
    assert list(work.failed) == [bench.entry("T2").id]

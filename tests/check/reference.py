"""docs/check.md, made from the table of findings: `make golden` writes it, a test compares it."""

from __future__ import annotations

from feeder.check.codes import CODES, Namer

HEAD = """# Checking feeds

    feeder check            # what is in dist
    feeder check some/dir   # anyone's feeds: no configuration is needed
    feeder check feed.xml   # one document, by itself

Made from the table of findings (`make golden`). `feeder check` reads every `*.xml`, `*.atom`, `*.rss`, `*.json` and
`*.opml` below a folder, knows from its content whether it is Atom 1.0, RSS 2.0, JSON Feed 1.1, OPML 2.0 or feeder's
own `feeds.json` (anything else is passed over), and says what is wrong: `file:line: level[Name]: sentence`, what to do
about it, and the section of the standard. Nothing is fetched: the network is never asked. `--json` prints a list of
objects with `file`, `line` (0 is the whole file), `level`, `code`, `message`, `advice`, `section`. It exits with 1
where there is an error, and with 0 where there is none, warnings or not.

An **error** breaks what a standard requires, or a rule that feeder's own feeds keep because readers stumble without
it; a **warning** is what good feeds avoid. Names are the W3C feed validator's where it has one; those with † are
feeder's own.

Beside each document by itself, those of a folder are held against each other:

- where they stand: the path below the folder is the end of a feed's own address (`rel="self"`, `feed_url`), and all
  stand below one address; a feed at an address that was given up may say where it went;
- ids: no two feeds share one, and no two documents say different things of one entry, in whatever format;
- archives (RFC 5005): from every feed a walk comes by all of its documents, forth and back, and by every entry once;
  which entries belong to a category's feed is known from the other feeds' categories;
- lists: OPML and `feeds.json` name every feed that is there, and none that is not.

`feeder build` asks the cheap part of this of every document before anything is published: what stands around the
entries (well-formed, its address, its page, its links, its place in the archive), and that the entries may stand
together (one at least, no id twice, newest first). An invalid document stops the build with exit code 74, and what was
published stays as it was. Entries were cleaned and checked when they were made, and are sealed.
"""


def reference() -> str:
    """Return the whole document."""
    parts = [HEAD, "| Name | | What it means | What to do | Section |", "|---|---|---|---|---|"]
    for code in CODES.values():
        own = " †" if code.namer is Namer.OWN else ""
        cells = (f"`{code.name}`{own}", code.level.value, code.meaning, code.advice, code.section)
        parts.append(_row(cells))
    return "\n".join(parts) + "\n"


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

"""From a folder to a proposal: what its configuration says, what its posts are like, and a `feeder.toml` of both."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from feeder.config.load import TOML, is_local, load_proposed, site_address
from feeder.config.scheme import Compat
from feeder.config.settings import Options
from feeder.config.slices import Configuration
from feeder.errors import InputOutputError, UsageError
from feeder.model.language import language_tag
from feeder.model.problem import printable
from feeder.proposal.census import Census, take
from feeder.proposal.facts import Facts, Kind, text_of
from feeder.proposal.hugo import hugo
from feeder.proposal.jekyll import jekyll
from feeder.proposal.pelican import pelican
from feeder.proposal.plain import elsewhere, plain
from feeder.proposal.toml import proposed

_ELSEWHERE = "https://example.invalid"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was found, and the text of the `feeder.toml` that is proposed for the file `name`."""

    name: str
    facts: Facts
    census: Census
    text: str


def propose(folder: str, url: str, now: datetime) -> Proposal:
    """Return what `feeder init` proposes for `folder`, "" for here; `url` is the site's address where that was given.

    The text is a configuration that feeder takes, and names the address or leaves it open. Raises UsageError where
    there is no such folder, or `url` is no address.
    """
    if folder and not os.path.isdir(folder):
        raise UsageError(f"{printable(folder)!r} is no folder: name the one that holds the site")
    found = _sound(jekyll(folder) or hugo(folder) or pelican(folder) or plain(folder), folder, url)
    name = os.path.join(folder, TOML)
    for facts in _attempts(found):
        try:
            site = _site(name, proposed(facts, None), now)
        except UsageError as problem:
            found = replace(found, notes=(*found.notes, str(problem)))
        else:
            more = elsewhere(folder, site.walk.roots) if facts.kind in (Kind.JEKYLL, Kind.PLAIN) else ""
            facts = replace(facts, notes=(*found.notes, more) if more else found.notes)  # noqa: PLW2901 - the last
            census = take(site)
            return Proposal(name, facts, census, proposed(facts, census))
    raise AssertionError("a configuration that says nothing is one that feeder takes")


def _attempts(facts: Facts) -> Iterator[Facts]:
    """Yield `facts`, and less and less of them, for what a configuration says may be nothing that feeder takes."""
    yield facts
    bare = Facts(facts.kind, facts.file, facts.url, roots=facts.roots, compat=facts.compat)
    yield bare
    yield replace(bare, compat=Compat.NONE)


def keep(proposal: Proposal) -> None:
    """Write the proposal; raises UsageError where there is anything of that name, InputOutputError where it cannot."""
    try:
        with open(proposal.name, "x", encoding="utf-8") as stream:
            stream.write(proposal.text)
    except FileExistsError:
        message = f"{printable(proposal.name)} is there already, and was left as it is: --print shows the proposal"
        raise UsageError(message) from None
    except OSError as problem:
        reason = (problem.strerror or "error").lower()
        raise InputOutputError(printable(f"{proposal.name}: this file cannot be written: {reason}")) from None


def _site(name: str, text: str, now: datetime) -> Configuration:
    options = Options(site_url=_ELSEWHERE, dist=os.path.join(os.path.dirname(name), "dist"))
    return load_proposed(name, text, options, now)


def _sound(facts: Facts, folder: str, url: str) -> Facts:
    """Return `facts` without what feeder would refuse, each with a note; with the address that was given or found."""
    if url:
        return _checked(replace(facts, url=site_address(url, "")))
    host = text_of(folder, "CNAME").strip()
    for found in (facts.url, f"https://{host}" if host else ""):
        try:
            address = site_address(found, "") if found else ""
        except UsageError:
            continue
        if address and not is_local(address):
            return _checked(replace(facts, url=address))
    note = (f"its address ({facts.url!r}) is none that subscribers can follow",) if facts.url else ()
    return _checked(replace(facts, url="", notes=(*facts.notes, *note)))


def _checked(facts: Facts) -> Facts:
    """Return `facts` with a language and a time zone that feeder takes, or none and a note."""
    notes = facts.notes
    lang = language_tag(facts.lang)
    if facts.lang and not lang:
        notes = (*notes, f"its language ({facts.lang[:40]!r}) is no language tag such as `en` or `zh-Hant`")
    timezone = facts.timezone
    if timezone and not _is_zone(timezone):
        timezone, notes = "", (*notes, f"its time zone ({timezone[:40]!r}) is no IANA zone such as Asia/Taipei")
    return replace(facts, lang=lang, timezone=timezone, notes=notes)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True

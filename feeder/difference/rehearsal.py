"""What a build would publish now, found out by one that publishes into a folder of its own, which then goes."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, replace

from feeder.config.slices import Configuration
from feeder.difference.compare import Difference, compare
from feeder.difference.published import Folder, Looks, Published, published
from feeder.difference.revision import Revision
from feeder.difference.state import State, state
from feeder.errors import CannotWriteError, NothingToPublishError, UsageError
from feeder.observer import Observer, Once
from feeder.pipeline import Arriving, Publication, Remembering, Reposting, Shrinking, build
from feeder.write.dist import remembered
from feeder.write.manifest import NAME, Manifest, dump

_GIT = "git:"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: `against` is a folder, git:REV[:DIR], or "" for what stands in `dist`; `cache` is a file or ""."""

    dist: str = "dist"
    against: str = ""
    engine: str = ""
    cache: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What subscribers of `against` will see; `refused` says why a build would not publish it, "" where it would."""

    against: str
    difference: Difference
    refused: str = ""


def differences(site: Configuration, question: Question, observer: Observer) -> Answer:
    """Return what subscribers will see when `site` is built; changes nothing, neither dist nor the cache.

    Raises UsageError where there is nothing to compare with, and what `build` raises.
    """
    looks = Looks()
    with _tree(question) as tree:
        before = published(tree, looks)
        name = tree.name
    if not before.pages:
        raise UsageError(f"no feed stands in {name!r}: say what is published, with --against DIR or --against git:REV")
    for problem in before.problems:
        observer.problem(problem)
    after, refused = _rehearsed(site, question, before.manifest, looks, Once(observer))
    return Answer(name, compare(_state(before), _state(after)), refused)


def _tree(question: Question) -> Folder | Revision:
    if not question.against.startswith(_GIT):
        return Folder(question.against or question.dist)
    revision, colon, place = question.against.removeprefix(_GIT).partition(":")
    return Revision(revision, place if colon else None, question.dist)


def _rehearsed(
    site: Configuration, question: Question, fallback: Manifest, looks: Looks, observer: Observer
) -> tuple[Published, str]:
    """Return what a build would publish, and why it would refuse to.

    It remembers what dist remembers or, where that is empty, what was published: slugs once given decide addresses.
    """
    manifest = remembered(question.dist)
    known = dump(replace(manifest if manifest != Manifest() else fallback, files=()))
    # Who only looks makes no cache.
    cache = question.cache if os.path.exists(question.cache) else ""
    asked = Publication("", engine=question.engine, cache=cache, remembering=Remembering.FORGOTTEN)
    allowed = replace(asked, shrinking=Shrinking.ALLOWED, reposting=Reposting.ALLOWED, arriving=Arriving.ALLOWED)

    def into(dist: str, publication: Publication) -> Published:
        os.mkdir(dist)
        with open(os.path.join(dist, NAME), "wb") as stream:
            stream.write(known)
        build(site, replace(publication, dist=dist), observer)
        with Folder(dist) as tree:
            return published(tree, looks)

    try:
        with tempfile.TemporaryDirectory(prefix="feeder-diff-") as folder:
            try:
                return into(os.path.join(folder, "asked"), asked), ""
            except NothingToPublishError as problem:
                return into(os.path.join(folder, "allowed"), allowed), str(problem)
    except OSError as problem:
        message = f"the folder for temporary files cannot be used: {(problem.strerror or str(problem)).lower()}"
        raise CannotWriteError(f"{message} (TMPDIR names another one)") from problem


def _state(found: Published) -> State:
    return state(found.pages, found.manifest.marks)

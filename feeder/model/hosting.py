"""What a web server has to say of a document: the headers of all whose paths are alike."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Headers:
    """The headers of documents whose paths below dist are like `shape`, in which `*` is part of a name, or one.

    `type` is the media type without charset, `seconds` how long a copy is fresh (Cache-Control), `hub` the WebSub hub
    that they name, or "".
    """

    shape: str
    type: str
    seconds: int
    hub: str = ""

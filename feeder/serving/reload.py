"""How an open page learns that there is a newer one: by scripts of its own site, which is all that its policy allows.

A page's Content-Security-Policy forbids connections, so it loads a script instead, which is answered when dist changes.
None of this is ever part of dist.
"""

from __future__ import annotations

import os
import time

from feeder.write.manifest import NAME as MANIFEST

RELOAD = "/.feeder/reload.js"
"""The script that every page is given: it waits for the next publication."""
CHANGED = "/.feeder/changed.js"
"""What that script loads again and again."""

_LONGEST_WAIT = 20.0  # seconds
_LOOK_EVERY = 0.1


def published(dist: str) -> str:
    """Return what is different after each publication into `dist`: whoever builds writes the manifest last of all."""
    try:
        status = os.stat(os.path.join(dist, MANIFEST))
    except OSError:
        return "0"
    return f"{status.st_mtime_ns:x}-{status.st_ino:x}"


def waiting(state: str) -> bytes:
    """Return the script of a page that was loaded when dist was in `state`."""
    return f"""\
"use strict";
(function ask() {{
  const script = document.createElement("script");
  script.src = "{CHANGED}?{state}";
  script.onload = script.onerror = function () {{ script.remove(); setTimeout(ask, 500); }};
  document.head.append(script);
}})();
""".encode()


def changed(dist: str, state: str) -> bytes:
    """Return a script that loads the page anew as soon as `dist` is not in `state` any more; after a while nothing."""
    deadline = time.monotonic() + _LONGEST_WAIT
    while published(dist) == state:
        if time.monotonic() >= deadline:
            return b""
        time.sleep(_LOOK_EVERY)
    return b"location.reload();\n"

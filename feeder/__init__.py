"""feeder turns a folder of posts into Atom and RSS feeds.

The public interface: `load_site` reads a configuration, `build` publishes it. Everything is imported when it is first
asked for, since the command line must start quickly.

    from datetime import UTC, datetime
    import feeder

    site = feeder.load_site(feeder.Options(posts=("posts",), site_url="https://example.org"), datetime.now(UTC))
    report = feeder.build(site, feeder.Publication("dist"), feeder.Silent())
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from feeder.config.load import load as load_site
    from feeder.config.settings import Options
    from feeder.config.slices import Site
    from feeder.errors import FeederError
    from feeder.model.entry import Entry
    from feeder.observer import Silent
    from feeder.pipeline import Publication, build

__version__ = "0.1.0"
__all__ = ["Entry", "FeederError", "Options", "Publication", "Silent", "Site", "build", "load_site"]

_HOMES = {
    "Entry": ("feeder.model.entry", "Entry"),
    "FeederError": ("feeder.errors", "FeederError"),
    "Options": ("feeder.config.settings", "Options"),
    "Publication": ("feeder.pipeline", "Publication"),
    "Silent": ("feeder.observer", "Silent"),
    "Site": ("feeder.config.slices", "Site"),
    "build": ("feeder.pipeline", "build"),
    "load_site": ("feeder.config.load", "load"),
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - PEP 562
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)

"""What is written beside the feeds for whoever serves them."""

from __future__ import annotations

from feeder.config.slices import Configuration
from feeder.model.digest import digest
from feeder.model.feed import Document
from feeder.model.problem import Level, Problem, printable
from feeder.plan.hosting import headers
from feeder.render import hosts
from feeder.write.dist import Dist


def stage_for_host(site: Configuration, dist: Dist) -> tuple[Problem, ...]:
    """Stage what the site's host is to be told of all that is staged in `dist`; return why it could not be."""
    name = hosts.name(site.hosting.host)
    if not name:
        return ()
    if dist.is_foreign(name):
        message = (
            f"this file is not feeder's, so it stays as it is, and {site.hosting.host.value} is told nothing: "
            "put its lines elsewhere and remove it, or take `host` out of the configuration"
        )
        return (Problem(printable(f"{dist.path}/{name}"), 0, Level.WARNING, "host", message),)
    paths = tuple(path for path in dist.staged() if path != name)
    served = hosts.Served(site.feeds.url, headers(site.feeds), site.hosting.precompress, paths)
    data = hosts.document(site.hosting.host, served)
    dist.put(Document(name, data, digest(data).hex()))
    return ()

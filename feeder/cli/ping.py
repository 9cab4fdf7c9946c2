"""`feeder ping`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from feeder.cli.options import AllowLocal, Config, Dist, configured
from feeder.config.settings import Options
from feeder.errors import UsageError


def ping(
    config: Config = "",
    dist: Dist = "dist",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what the hub would be told, and tell it nothing.")
    ] = False,
    timeout: Annotated[float, typer.Option("--timeout", metavar="SECONDS", min=1, help="How long to try in all.")] = 60,
    allow_local: AllowLocal = False,
) -> None:
    """Tell the WebSub hub (`site.hub`) which feeds the last build changed: run it when they are deployed.

    No other command opens a connection. The addresses go to stdout, one a line.
    """
    import time  # noqa: PLC0415

    from feeder.websub import Clock, noted  # noqa: PLC0415 - --help must not pay for it
    from feeder.websub import ping as tell  # noqa: PLC0415

    site = configured(Options((), config, dist, allow_local=allow_local))
    hub = site.site.hub
    if not hub:
        raise UsageError("there is no hub to tell: name one as `site.hub` in the configuration")
    waiting = noted(site.walk.folder).topics
    if dry_run:
        for topic in waiting:
            print(topic)
        return
    for batch in tell(hub, site.walk.folder, timeout, Clock(time.monotonic, time.sleep)):
        for topic in batch:
            print(topic, flush=True)
    if not waiting:
        print("the last build changed no feed: the hub was told nothing", file=sys.stderr)

"""`feeder init`: a first configuration."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from feeder.cli.options import SiteUrl, now
from feeder.model.problem import printable


def init(
    folder: Annotated[
        str, typer.Argument(metavar="[FOLDER]", help="The site's folder, instead of this one.", show_default=False)
    ] = "",
    print_: Annotated[bool, typer.Option("--print", help="Print the proposal, and write nothing.")] = False,
    site_url: SiteUrl = "",
) -> None:
    """Look at a site (Jekyll, Hugo, Pelican or just posts), say what is there, and propose a feeder.toml."""
    from feeder.proposal.propose import keep, propose  # noqa: PLC0415
    from feeder.proposal.say import lines  # noqa: PLC0415

    proposal = propose(folder, site_url, now())
    for line in lines(proposal):
        print(line, file=sys.stderr)
    if print_:
        print(proposal.text, end="")
        return
    keep(proposal)
    command = f"feeder build --config {proposal.name}" if folder else "feeder build"
    print(printable(f"{proposal.name} was written: read it, then run `{command}`"), file=sys.stderr)

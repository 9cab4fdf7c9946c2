"""`feeder check`: what is wrong with the feeds of a folder, ours or anyone's."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from feeder.cli.options import AsJson, Quiet


def check(
    dist: Annotated[
        str, typer.Argument(metavar="[DIST]", help="The folder that the feeds are published in, or one of its files.")
    ] = "dist",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Say what is wrong with feeds, ours or anyone's, each by itself and one beside the other; errors exit with 1."""
    from feeder.check import saying  # noqa: PLC0415 - --help must not pay for it
    from feeder.check.checking import check as run  # noqa: PLC0415
    from feeder.model.problem import Level  # noqa: PLC0415

    checked = run(dist)
    if as_json:
        print(saying.as_json(checked))
    else:
        for finding in checked.findings:
            print(finding)
        if not quiet:
            print(saying.summary(checked), file=sys.stderr)
    if any(finding.level is Level.ERROR for finding in checked.findings):
        raise typer.Exit(1)

"""docs/cli.md, made from the commands themselves: `make golden` writes it, a test compares it."""

from __future__ import annotations

import typer

from feeder.cli import app

HEAD = """# The command line

Made from the commands themselves (`make golden`). Data goes to stdout, progress and problems to stderr; a progress bar
is shown on a terminal only, and `NO_COLOR` is respected.

| exit code | meaning |
|---|---|
| 0 | done; posts may have been left out, and are named |
| 1 | `--strict`: posts were left out for an error, nothing published; `check`: an error; `diff`: see [there](diff.md) |
| 2 | the command line or the configuration cannot be followed |
| 65 | there is nothing to publish, or the site would shrink or show entries again: nothing was published |
| 69 | what is not feeder's cannot be had: a port, a hub |
| 70 | feeder itself failed: please report it |
| 73 | dist cannot be written |
| 74 | the disk failed |
| 75 | another build is at work |
| 130 | interrupted |

`SOURCE_DATE_EPOCH` (seconds since 1970) takes the place of the clock, which only says which posts are still to come.
`FEEDER_DEBUG=1` shows the traceback of what feeder calls its own failure.
"""


def reference() -> str:
    """Return the whole document."""
    group = typer.main.get_command(app)
    parts = [HEAD]
    for name, command in group.commands.items():  # type: ignore[attr-defined]  # a group has commands
        context = typer.Context(command, info_name=f"feeder {name}")
        usage = command.get_usage(context).removeprefix("Usage: ")
        parts.append(f"\n## feeder {name}\n\n{command.help}\n\n    {' '.join(usage.split())}\n\n| | |\n|---|---|")
        for parameter in command.get_params(context):
            record = parameter.get_help_record(context)
            if record is None:
                record = (parameter.make_metavar(context), getattr(parameter, "help", "") or "")
            spelled, meaning = (text.replace("|", "\\|") for text in record)
            parts.append(f"| `{' '.join(spelled.split())}` | {' '.join(meaning.split())} |")
    return "\n".join(parts) + "\n"

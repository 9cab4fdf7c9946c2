"""What people do to a ledger between two builds."""

from __future__ import annotations

from enum import Enum


class Edit(Enum):
    """What becomes of a ledger."""

    BEGUN = "begun"
    LOST = "lost"
    OLD = "as it once was"
    ORDER = "in another order"
    ENDS = "with other ends of lines"
    DROPPED = "without one of its lines"
    GONE = "with an entry that is gone, or is not any more"
    OTHER = "with another id, digest or instant"
    MERGED = "in conflict"
    TWICE = "with a line twice"


def edited(data: bytes, how: Edit, where: int) -> bytes:
    """Return the ledger `data` after `how` befell it; `where` is a place among its lines, in thousandths."""
    lines = data.decode("utf-8", "replace").split("\n")
    at = 1 + where * max(len(lines) - 2, 0) // 1001
    line = lines[at] if at < len(lines) - 1 else ""
    match how:
        case Edit.ORDER:
            lines[1:-1] = lines[-2:0:-1]
        case Edit.ENDS:
            lines = [f"{one}\r" for one in lines[:-1]] + lines[-1:]
        case Edit.DROPPED if line:
            del lines[at]
        case Edit.GONE if line.startswith("entry"):
            lines[at] = line.removesuffix("\tgone") if line.endswith("\tgone") else f"{line}\tgone"
        case Edit.OTHER if line.startswith("entry"):
            fields = line.split("\t")
            place = 1 + where % 5
            others = ("", "urn:example:1", "stem a", "0" * 32, "2024-01-01T10:00:00Z", "2024-05-05T00:00:00Z")
            fields[place] = others[place]
            lines[at] = "\t".join(fields)
        case Edit.MERGED:
            lines[at:at] = ["<<<<<<< HEAD", "=======", ">>>>>>> other"]
        case Edit.TWICE if line:
            lines.insert(at, line)
        case _:
            pass
    return "\n".join(lines).encode()

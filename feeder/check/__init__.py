"""Feeds read back and judged, ours or anyone's: no logic is shared with `render`, whose work is judged here."""

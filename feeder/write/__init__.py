"""Disk out: the one place that writes, and only inside dist."""

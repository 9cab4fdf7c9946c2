"""Moved to feeder.model.characters."""

from feeder.model.characters import fold, legal

__all__ = ["fold", "legal"]

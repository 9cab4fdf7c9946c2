"""Runs a stage's pure function over many items: where, and how many at a time, is the engine's affair alone."""

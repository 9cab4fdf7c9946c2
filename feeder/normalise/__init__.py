"""Pure functions from what authors wrote to what the standards ask for: no clock, no disk, no network."""

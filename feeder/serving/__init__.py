"""A folder of feeds served to this machine alone, and rebuilt when its posts change."""

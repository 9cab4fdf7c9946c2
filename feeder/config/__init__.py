"""Configuration: `feeder.toml`, a Jekyll `_config.yml` or options, as frozen slices; a stage gets its slice only."""

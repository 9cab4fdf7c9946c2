"""`feeder init`: looks at a folder of posts, says what it found, and proposes a `feeder.toml`; nothing in it is run."""

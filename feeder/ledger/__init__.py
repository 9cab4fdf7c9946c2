"""The ledger: a text file beside the configuration that remembers every id, and is made to be committed."""

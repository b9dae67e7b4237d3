"""The catalogue: one file an entry, found by name. A file's name is the entry's, with underscores."""

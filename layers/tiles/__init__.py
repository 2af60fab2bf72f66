"""Vector tiles of every published collection."""

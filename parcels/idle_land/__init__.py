"""The idle-land statute: facts in, finding out."""

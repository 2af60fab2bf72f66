"""The contracts by which land was supplied, and how building went."""

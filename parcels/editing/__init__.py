"""Editing parcels: a list of operations replayed, judged by rules, and saved whole or not at all."""

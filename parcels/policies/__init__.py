"""Differential policy tables (差别化政策): rates by year, instrument, grade and industry, and whom they affect."""

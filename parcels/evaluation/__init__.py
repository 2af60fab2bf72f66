"""Figures per mu of land, for firms, parcels, towns, lines and the county."""

"""Geometry that no room owns: coordinate systems, areas, validity and topology, without Django."""

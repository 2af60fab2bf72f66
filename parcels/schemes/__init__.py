"""Evaluation schemes as data: groups, indicators, weights, benchmarks, grades and cut-offs, in dated versions."""

"""A year's evaluation: frozen inputs, scores, grades, and the run from draft to final."""

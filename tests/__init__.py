"""The tests: a mirror of the source, journeys from end to end, and the browser."""

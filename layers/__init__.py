"""What can be shown on a map, whoever owns it."""

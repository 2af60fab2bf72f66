"""The running site in a browser."""

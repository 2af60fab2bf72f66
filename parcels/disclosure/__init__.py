"""What the public may read of idle land (art. 11), without an account."""

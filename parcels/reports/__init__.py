"""Lists across rooms, as an officer sends them upward."""

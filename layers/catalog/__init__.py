"""What is published on the map and in the interface, and under which names."""

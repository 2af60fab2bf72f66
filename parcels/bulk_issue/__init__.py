"""Many papers at once: a stored job that is checked first, then issued item by item, and can be taken up again."""

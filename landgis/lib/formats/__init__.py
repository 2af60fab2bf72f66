"""How figures are written where the language's own habit doesn't serve a table."""

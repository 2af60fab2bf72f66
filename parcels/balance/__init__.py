"""占补平衡: adjustments of the industrial control line, their ledger, and what it proves."""

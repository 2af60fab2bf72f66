"""Contract phases on screen: the list with derived dates, and one phase with its facts beside the finding of today."""

"""Industrial control lines (工业用地控制线) and the share of other shapes inside them."""

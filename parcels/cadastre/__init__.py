"""The parcels of the register, their holders, and what happened to them."""

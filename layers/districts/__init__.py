"""Towns, platforms and other areas that figures are summed over."""

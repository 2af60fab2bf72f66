"""Sums of many places at once, each correctly rounded: the same in any order, and what `math.fsum` says of it.

Refuses what isn't a finite number: it would spoil every sum that it stands beside.
"""

import math

import numpy as np
from numpy.typing import NDArray

_EXACT_BITS = 52  # whole numbers up to 2**53 add up without rounding; one bit is left for the sign's sake
_SMALLEST = math.ldexp(1.0, -1074)


def exact_sums(values: NDArray[np.float64], place: NDArray[np.intp], places: int) -> NDArray[np.float64]:
    """For each of `places` the sum of the `values` whose `place` it is; ValueError for NaN and infinity.

    From the highest bits downward the values are cut to whole multiples of a unit, so coarse that all of them together
    stay exact; a few such cuts leave nothing, and only their few sums are rounded.
    """
    if not np.isfinite(values).all():
        raise ValueError("only finite numbers have an exact sum")
    width = _EXACT_BITS - len(values).bit_length()
    rest, cuts = values, []
    while top := float(np.abs(rest).max(initial=0.0)):
        unit = max(math.ldexp(1.0, math.frexp(top)[1] - width), _SMALLEST)
        cut = np.rint(rest / unit)
        cuts.append(np.bincount(place, cut, places) * unit)
        rest = rest - cut * unit
    return np.array([math.fsum(parts) for parts in zip(*cuts, strict=True)] if cuts else np.zeros(places))

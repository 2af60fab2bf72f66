"""The different numbers of an array.

Refuses arrays with NaN, which is never the same as itself.
"""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", bound=np.generic)


def distinct(values: NDArray[Number]) -> NDArray[Number]:
    """Each once, in order; `np.unique` would first load numpy's masked arrays, longer than a command sorts 100,000 numbers."""
    ordered = np.sort(values)
    first = np.ones(len(ordered), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]

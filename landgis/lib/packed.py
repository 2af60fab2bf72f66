"""Values that lie in one run of bytes, at any of them: found all at once, without a turn of the interpreter for each.

Refuses a value that would end behind the run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Packed:
    """A column of bytes: value n is the `lengths[n]` bytes of `data` from `starts[n]` on; between them lies what isn't of it."""

    data: bytes
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]

    def __getitem__(self, at: NDArray[np.intp]) -> Packed:
        return Packed(self.data, self.starts[at], self.lengths[at])


def at_bytes(data: bytes, starts: NDArray[np.int64], kind: np.dtype[Any]) -> NDArray[Any]:
    """The values of one kind that begin at these bytes of `data`: a choice from those that would begin at every byte."""
    if not len(starts):
        return np.empty(0, dtype=kind)
    every = np.ndarray((len(data) - kind.itemsize + 1,), dtype=kind, buffer=data, strides=(1,))
    return every[starts]

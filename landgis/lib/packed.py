"""Values that lie in one run of bytes, at any of them: numbers are found all at once, texts one by one.

Refuses a value that would end behind the run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Packed:
    """A column of bytes or of text: value n is the `lengths[n]` bytes of `data` from `starts[n]` on.

    Between them lies what isn't of the column.
    """

    data: bytes
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]

    def __getitem__(self, at: NDArray[np.intp]) -> Packed:
        return Packed(self.data, self.starts[at], self.lengths[at])

    def texts(self) -> NDArray[np.object_]:
        """The values as text."""
        run = zip(self.starts.tolist(), (self.starts + self.lengths).tolist(), strict=True)
        return np.array([self.data[start:end].decode() for start, end in run], dtype=object)


def at_bytes(data: bytes, starts: NDArray[np.int64], kind: np.dtype[Any]) -> NDArray[Any]:
    """The values of one kind that begin at these bytes of `data`: a choice from those that would begin at every byte."""
    if not len(starts):
        return np.empty(0, dtype=kind)
    every = np.ndarray((len(data) - kind.itemsize + 1,), dtype=kind, buffer=data, strides=(1,))
    return every[starts]

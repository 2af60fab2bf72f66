"""Named random streams, and smooth noise, so that one stage's draws never disturb another's.

It refuses global state: the same seed and the same name always give the same numbers.
"""

import zlib

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def stream(seed: int, name: str) -> np.random.Generator:
    """A generator of its own for each stage: adding a draw in one stage leaves the others as they were."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


class SmoothField:
    """A displacement field made of a few plane waves; injective as long as it is kept gentle."""

    def __init__(
        self, rng: np.random.Generator, amplitude_m: float, wavelength_m: float, waves: int = 6
    ) -> None:
        turn = rng.uniform(0, 2 * np.pi, waves)
        number = 2 * np.pi / (wavelength_m * rng.uniform(0.7, 1.5, waves))
        self._k = np.column_stack([np.cos(turn) * number, np.sin(turn) * number])
        self._phase = rng.uniform(0, 2 * np.pi, (2, waves))
        self._size = amplitude_m * np.sqrt(2.0 / waves)

    def displace(self, xy: Floats) -> Floats:
        """The points moved by the field."""
        angle = xy @ self._k.T
        dx = np.sin(angle + self._phase[0]).sum(axis=1)
        dy = np.sin(angle + self._phase[1]).sum(axis=1)
        return np.asarray(xy + self._size * np.column_stack([dx, dy]), dtype=np.float64)


def lognormal(rng: np.random.Generator, median: float, sigma: float, size: int) -> Floats:
    """Log-normal draws told by their median, the figure that can be read off a list."""
    return np.asarray(median * np.exp(rng.normal(0.0, sigma, size)), dtype=np.float64)

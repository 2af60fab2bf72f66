"""Runs a vectorised function over slices of arrays in two threads, results in order.

Refuses prepared geometries, by agreement: GEOS builds their index at first use, and two threads crash on it. It
pays because numpy, GEOS and PROJ release the interpreter lock, and a slice stays in the processor's cache.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")

_WORKERS = min(2, os.cpu_count() or 1)  # a county's server has other work on its other cores


def in_slices(work: Callable[..., Result], arrays: Sequence[Any], *, size: int) -> list[Result]:
    """[work(slice of each array)…] for slices of `size` rows; the arrays are of one length."""
    rows = len(arrays[0])
    parts = [[array[i : i + size] for array in arrays] for i in range(0, rows, size)]
    if len(parts) < 2 or _WORKERS < 2:
        return [work(*part) for part in parts]
    with ThreadPoolExecutor(_WORKERS) as pool:
        return list(pool.map(lambda part: work(*part), parts))

"""Areas in force on a day, as arrays that figures are summed over.

Refuses to mix days: either the versions of the day, or, where no version is that old, today's, and it says which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.db import models
from django.db.models import Q
from django.utils import timezone
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Areas:
    """Codes, names and shapes (EPSG:4490) side by side; `on` is the day whose versions they are."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    geoms_4490: NDArray[np.object_]
    on: date

    def __len__(self) -> int:
        return len(self.codes)


def areas_on(shapes: models.QuerySet[Any], on: date) -> Areas:
    """The versions of `shapes` in force on a day; where there were none yet, those in force today."""
    rows = _rows(shapes, on)
    today = timezone.localdate()
    if not rows and on < today:
        rows, on = _rows(shapes, today), today
    return Areas(
        tuple(code for code, _, _ in rows),
        tuple(name for _, name, _ in rows),
        shapely.from_wkb(np.array([bytes(geom.wkb) for _, _, geom in rows], dtype=object)),
        on,
    )


def standing_on(on: date) -> Q:
    """A version stands until the day on which its successor begins, as in the tiles: never two of them on one day."""
    return Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gt=on))


def _rows(shapes: models.QuerySet[Any], on: date) -> Sequence[tuple[str, str, Any]]:
    return list(shapes.filter(standing_on(on)).order_by("code").values_list("code", "name", "geom_4490"))

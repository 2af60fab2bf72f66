"""A delivered parcel layer on its way into the register: cleaned columns, geometry in three CRSs, and what was found.

Refuses to mend a value: cleaning takes away white space only, and everything doubtful becomes an issue.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from landgis.lib.issues import Issue
from parcels.exchange.placing import Placing

Objects = NDArray[np.object_]
BLANK = " \t\r\n\u3000\x00"

# With one of these errors a shape has no area that could be held against anything.
UNMEASURABLE = frozenset(
    {
        "geometry_missing", "geometry_empty", "geometry_wrong_type", "geometry_invalid", "geometry_zero_area",
        "geometry_coordinate", "crs_mismatch_row", "out_of_county", "ring_too_short", "line_unreadable",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Expectations:
    """What the county expects of a delivery: codes, extent, towns, thresholds, and the day of reading."""

    county_code: str
    code_pattern: str
    bbox_4490: tuple[float, float, float, float]
    boundary_4490: shapely.Geometry | None
    survey_crs: int
    towns: Mapping[str, str]  # name → code
    land_classes: frozenset[str]  # empty = the county keeps no class set
    industrial_classes: frozenset[str]
    parameters: Mapping[str, Any]
    on: date


@dataclass(slots=True)
class Batch:
    """All rows of a delivery, column by column; `rejected` marks the rows with an error."""

    fields: dict[str, Objects]
    geoms_source: Objects
    geoms_survey: Objects
    plane_crs: int  # of geoms_survey: the survey CRS, or the same plane with the zone before the easting
    placing: Placing
    registered_area_m2: list[Decimal | None]
    registered_on: list[date | None]
    named_towns: Objects | None  # codes of the towns that rows name, where the towns' areas aren't known
    sound: NDArray[np.bool_]  # a shape that is there and valid as GEOS sees it in the plane
    planar_area_m2: NDArray[np.float64]
    rejected: NDArray[np.bool_]
    issues: list[Issue] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.geoms_source)

    @property
    def geoms_4490(self) -> Objects:
        return self.placing.whole().geoms_4490

    @property
    def valid(self) -> NDArray[np.bool_]:
        """Shapes that are sound in the plane and as they are stored."""
        return self.placing.whole().sound

    @property
    def town_codes(self) -> Objects:
        """By the ground where the towns' areas are known, else by the name that the row gives."""
        return self.placing.whole().town_codes if self.named_towns is None else self.named_towns

    def text(self, name: str) -> Objects:
        """A column's cleaned texts, blanks where the delivery has no such column."""
        found = self.fields.get(name)
        return found if found is not None else np.full(len(self), "", dtype=object)

    def has(self, name: str) -> bool:
        return name in self.fields

    def take(self, issues: Iterable[Issue]) -> None:
        """Note issues; an error rejects its row."""
        for issue in issues:
            self.issues.append(issue)
            if issue.severity == "error" and issue.row:
                self.rejected[issue.row - 1] = True

    def measured(self) -> NDArray[np.bool_]:
        """Rows whose geometry can be measured: there, valid, and not rejected for its shape or place."""
        unusable = np.zeros(len(self), dtype=bool)
        for issue in self.issues:
            if issue.row and issue.severity == "error" and issue.code in UNMEASURABLE:
                unusable[issue.row - 1] = True
        return ~unusable


def cleaned(values: Iterable[Any]) -> Objects:
    """A column as texts without surrounding white space; None, NaN and NaT are blank; 3.0 is written 3."""
    if isinstance(values, np.ndarray) and values.dtype == np.float64:
        values = values.tolist()  # Python writes its own numbers twice as fast as numpy's
    texts = [value.strip(BLANK) if value.__class__ is str else _clean(value) for value in values]
    column = np.empty(len(texts), dtype=object)
    column[:] = texts
    return column


def _clean(value: Any) -> str:
    if isinstance(value, str):
        return value.strip(BLANK)
    if value is None or value != value:
        return ""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value).strip()

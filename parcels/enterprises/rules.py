"""Where firms' use of land goes when the parcels under it are divided or put together.

Refuses to lose land: the parts of a stated area add up to it, and a share keeps the ground that it stood for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import shapely

from parcels.cadastre.transitions import PROPORTIONAL, Decisions, Descent

AREA, SHARE = Decimal("0.0001"), Decimal("0.0000000001")


@dataclass(frozen=True, slots=True)
class Use:
    """A firm's use of a parcel by exactly one of area, share and geometry (EPSG:4490), for some days."""

    id: int
    parcel_id: int
    enterprise_id: int
    role: str
    lessor_id: int | None
    area_m2: Decimal | None
    share: Decimal | None
    geom_4490: Any
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Ground:
    """A parcel's land: `land_m2` is what its figures count (registered, else planar)."""

    planar_area_m2: float
    land_m2: float
    geom_4490: Any


def carried(
    uses: Iterable[Use], descent: Descent, grounds: Mapping[int, Ground], decisions: Decisions, on: date
) -> list[Use]:
    """The uses of the descendants from `on`, in place of `uses`; those of a retired parcel go nowhere."""
    found: list[Use] = []
    for use in uses:
        parts = sorted(descent[use.parcel_id], key=lambda part: -part[1])
        if not parts:
            continue
        begun = replace(use, valid_from=max(use.valid_from, on))
        to = decisions.get(f"occupancy:{use.id}", PROPORTIONAL)
        if use.geom_4490 is not None:
            found += _by_geometry(begun, [child for child, _ in parts], grounds)
        elif use.area_m2 is not None:
            found += _by_area(begun, parts, to)
        else:
            found += _by_share(begun, parts, to, grounds)
    return _added_up(found, grounds)


def _by_geometry(use: Use, children: Sequence[int], grounds: Mapping[int, Ground]) -> list[Use]:
    if len(children) == 1:
        return [replace(use, parcel_id=children[0])]
    shapes = shapely.intersection([grounds[child].geom_4490 for child in children], use.geom_4490)
    pieces = [(child, _areal(shape)) for child, shape in zip(children, shapes, strict=True)]
    inside = [replace(use, parcel_id=child, geom_4490=shape) for child, shape in pieces if shape is not None]
    return inside or [replace(use, parcel_id=children[0])]


def _by_area(use: Use, parts: Sequence[tuple[int, float]], to: int | str) -> list[Use]:
    if to != PROPORTIONAL:
        return [replace(use, parcel_id=int(to))]
    assert use.area_m2 is not None
    whole = sum(part for _, part in parts)
    if not whole:
        return [replace(use, parcel_id=parts[0][0])]
    areas = [(use.area_m2 * Decimal(part / whole)).quantize(AREA) for _, part in parts]
    areas[0] += use.area_m2 - sum(areas)
    return [
        replace(use, parcel_id=child, area_m2=area)
        for (child, _), area in zip(parts, areas, strict=True)
        if area > 0
    ]


def _by_share(
    use: Use, parts: Sequence[tuple[int, float]], to: int | str, grounds: Mapping[int, Ground]
) -> list[Use]:
    """A share of the parent becomes the share of the child that stands for the same ground."""
    assert use.share is not None
    chosen = parts if to == PROPORTIONAL else [(int(to), 1.0)]
    whole = grounds[use.parcel_id].planar_area_m2
    shares = [
        (child, use.share * Decimal(part * whole / grounds[child].planar_area_m2)) for child, part in chosen
    ]
    return [
        replace(use, parcel_id=child, share=rounded)
        for child, share in shares
        if (rounded := min(Decimal(1), share.quantize(SHARE))) > 0
    ]


def _added_up(uses: Iterable[Use], grounds: Mapping[int, Ground]) -> list[Use]:
    """One row for a firm's use of a parcel in one role from one day: parents that it used both come together in it."""
    groups: dict[tuple[int, int, str, date], list[Use]] = defaultdict(list)
    for use in uses:
        groups[use.parcel_id, use.enterprise_id, use.role, use.valid_from].append(use)
    return [group[0] if len(group) == 1 else _together(group, grounds) for group in groups.values()]


def _together(uses: Sequence[Use], grounds: Mapping[int, Ground]) -> Use:
    ground = grounds[uses[0].parcel_id]
    largest = max(uses, key=lambda use: _area_m2(use, ground))
    ends = [use.valid_to for use in uses]
    last = None if None in ends else max(end for end in ends if end is not None)
    if all(use.share is not None for use in uses):
        share = min(Decimal(1), sum((use.share or Decimal(0) for use in uses), Decimal(0)))
        return replace(largest, share=share, valid_to=last)
    if all(use.geom_4490 is not None for use in uses):
        united = _areal(shapely.union_all([use.geom_4490 for use in uses]))
        return replace(largest, geom_4490=united, valid_to=last)
    area = sum((_area_m2(use, ground) for use in uses), Decimal(0)).quantize(AREA)
    return replace(largest, area_m2=area, share=None, geom_4490=None, valid_to=last)


def _area_m2(use: Use, ground: Ground) -> Decimal:
    if use.area_m2 is not None:
        return use.area_m2
    if use.share is not None:
        return use.share * Decimal(ground.land_m2)
    return Decimal(ground.land_m2 * shapely.area(use.geom_4490) / shapely.area(ground.geom_4490))


def _areal(shape: Any) -> Any:
    """The polygons of a shape as a multipolygon; None where there are none."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and part.area > 0]
    return shapely.MultiPolygon(parts) if parts else None

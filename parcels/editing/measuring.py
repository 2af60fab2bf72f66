"""What is true of an edited layer: overlaps, gaps, corners, areas, the lines it crosses. Facts for the rules.

Refuses to judge, and to look at the rest of the register: the edited shapes and those beside them are handed in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.geometry.gaps import gaps, overlaps
from layers.geometry.rings import rings_of
from layers.geometry.transform import Geometries
from layers.geometry.validity import corners_of, invalid_reason
from parcels.editing.pieces import Piece
from parcels.editing.rules import Measured, Rulebook, area_tolerance_m2

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Former:
    """A parcel's state from a day to a day (exclusive)."""

    code: str
    since: date
    until: date


@dataclass(slots=True)
class Edited:
    """An edited layer in the survey's plane. Side by side: `pieces`, their shapes, and the ground they had before."""

    pieces: list[Piece]
    geoms: Geometries
    before: Geometries  # None where a piece lies on nobody's former ground
    geoms_4490: Geometries
    beside_keys: list[str]
    beside: Geometries
    beside_before: Geometries
    base: Geometries  # stored shapes concerned, as they were, for what was wrong already
    densified_keys: list[str] = field(default_factory=list)
    densified: Geometries = field(default_factory=lambda: np.empty(0, dtype=object))
    registered_m2: Sequence[float | None] = ()
    ground: Geometries = field(default_factory=lambda: np.empty(0, dtype=object))  # the county
    towns: Geometries = field(default_factory=lambda: np.empty(0, dtype=object))
    town_names: Sequence[str] = ()
    control_line: shapely.Geometry | None = None
    former: Sequence[Former] = ()  # who had ground between the day of the change and today
    former_geoms: Geometries = field(default_factory=lambda: np.empty(0, dtype=object))

    def keys(self) -> list[str]:
        return [piece.key for piece in self.pieces]


def measure(edited: Edited, book: Rulebook) -> list[Measured]:
    """Everything that a rule may be about, in the order of the rules."""
    sound = _sound(edited)
    found = [*_invalid(edited, sound)]
    if not sound.all():
        edited = _only(edited, sound)
    if len(edited.pieces):
        for measuring in (
            _overlaps,
            _overlaps_then,
            _gaps,
            _corners,
            _parts,
            _areas,
            _outside,
            _towns,
            _control_line,
        ):
            found += measuring(edited, book)
    return found


def _sound(edited: Edited) -> NDArray[np.bool_]:
    return np.asarray(
        shapely.is_valid(edited.geoms) & shapely.is_valid(edited.geoms_4490) & ~shapely.is_empty(edited.geoms)
    )


def _only(edited: Edited, kept: NDArray[np.bool_]) -> Edited:
    at = np.flatnonzero(kept).tolist()
    return replace(
        edited,
        pieces=[edited.pieces[i] for i in at],
        geoms=edited.geoms[at],
        before=edited.before[at],
        geoms_4490=edited.geoms_4490[at],
        registered_m2=[edited.registered_m2[i] for i in at],
    )


def _invalid(edited: Edited, sound: NDArray[np.bool_]) -> Iterator[Measured]:
    """In the plane, or between the same vertices on the ellipsoid, which is what the database holds."""
    for i in np.flatnonzero(~sound).tolist():
        planar_fault = not shapely.is_valid(edited.geoms[i])
        reason = shapely.is_valid_reason(edited.geoms[i] if planar_fault else edited.geoms_4490[i])
        words, x, y = invalid_reason(reason)
        at = (x, y) if x is not None and y is not None else None
        if not planar_fault:
            words = f"{words}（存储精度下）"
            at = None if at is None else _vertex_beside(edited.geoms[i], edited.geoms_4490[i], at)
        yield Measured("self_intersection", (edited.pieces[i].key,), at=at, geometry=_point(at), other=words)
    for i in np.flatnonzero(~shapely.is_valid(edited.densified)).tolist():
        words, x, y = invalid_reason(shapely.is_valid_reason(edited.densified[i]))
        at = None if x is None or y is None else (x, y)
        yield Measured(
            "self_intersection", (edited.densified_keys[i],), at=at, geometry=_point(at), other=words
        )


def _vertex_beside(geom: shapely.Geometry, geom_4490: shapely.Geometry, lonlat: Point) -> Point:
    """The vertex in the plane whose stored place is nearest to the one that is named in degrees."""
    off = np.hypot(*(shapely.get_coordinates(geom_4490) - lonlat).T)
    x, y = shapely.get_coordinates(geom)[int(np.argmin(off))].tolist()
    return x, y


def _overlaps(edited: Edited, book: Rulebook) -> Iterator[Measured]:
    limit = book["overlap"].limits["area_m2"]
    found = overlaps(edited.geoms, edited.beside, min_area_m2=limit)
    if not len(found.i):
        return
    keys = [*edited.keys(), *edited.beside_keys]
    was = _overlapped(edited.base, edited.beside_before, limit)
    for i, j, ground, area_m2 in zip(*found, strict=True):
        yield _overlap((keys[i], keys[j]), ground, area_m2, limit, was)


def _overlaps_then(edited: Edited, book: Rulebook) -> Iterator[Measured]:
    """Ground that was another parcel's for a time since the day from which the edited shapes are to be in force."""
    if not len(edited.former):
        return
    limit = book["overlap"].limits["area_m2"]
    of_former = [state.code for state in edited.former]
    keys, count = [*edited.keys(), *of_former], len(edited.pieces)
    was = _overlapped(edited.base, edited.former_geoms, limit)
    for i, j, ground, area_m2 in zip(
        *overlaps(edited.geoms, edited.former_geoms, min_area_m2=limit), strict=True
    ):
        if j < count:
            continue
        then = edited.former[j - count]
        yield replace(
            _overlap((keys[i], keys[j]), ground, area_m2, limit, was),
            note=f"（{then.code} 在 {then.since} 至 {then.until} 间的范围）",
            remedy=f"请把生效日期改为 {then.until} 或以后的日期，或核对当时的界线。",
        )


def _overlapped(one: Geometries, other: Geometries, limit: float) -> shapely.Geometry | None:
    """The ground on which the shapes overlapped before the edit."""
    old = overlaps(one, other, min_area_m2=limit)
    return shapely.union_all(old.geometry) if len(old.i) else None


def _overlap(
    keys: tuple[str, str],
    ground: shapely.Geometry,
    area_m2: float,
    limit: float,
    was: shapely.Geometry | None,
) -> Measured:
    fresh_m2 = area_m2 if was is None else shapely.area(shapely.difference(ground, was))
    return Measured(
        "overlap",
        keys,
        float(area_m2),
        limit,
        _inside(ground),
        _geojson(ground),
        before=bool(fresh_m2 < limit),
    )


def _gaps(edited: Edited, book: Rulebook) -> Iterator[Measured]:
    """Those that the edit made: one that lay there before is no business of it."""
    if book["gap"].severity == "off":
        return
    width_m = book["gap"].limits["width_m"]
    found = gaps(edited.geoms, edited.beside, max_width_m=width_m)
    if not len(found.shapes):
        return
    keys = [*edited.keys(), *edited.beside_keys]
    old = gaps(edited.base, edited.beside_before, max_width_m=width_m)
    was = shapely.union_all(old.geometry) if len(old.shapes) else None
    for beside, ground, area_m2, width in zip(*found, strict=True):
        if was is not None and shapely.area(shapely.difference(ground, was)) < area_m2 / 2:
            continue
        yield Measured(
            "gap", tuple(keys[k] for k in beside), float(width), width_m, _inside(ground), _geojson(ground)
        )


def _corners(edited: Edited, book: Rulebook) -> Iterator[Measured]:
    """Double points, short edges and spikes that the edit made."""
    known = {(fact.rule, fact.at) for fact in _corner_facts(edited.base, [""] * len(edited.base), book)}
    for fact in _corner_facts(edited.geoms, edited.keys(), book):
        if (fact.rule, fact.at) not in known:
            yield fact


def _corner_facts(geoms: Geometries, keys: Sequence[str], book: Rulebook) -> Iterator[Measured]:
    rings = rings_of(geoms)
    if not len(rings):
        return
    distance_m = book["duplicate_point"].limits["distance_m"]
    short_m = book["short_edge"].limits["length_m"]
    degrees, edge_m = book["spike"].limits["degrees"], book["spike"].limits["edge_m"]
    corners = corners_of(rings, distance_m)
    owner = np.repeat(rings.owner, rings.lengths)
    angle = np.degrees(np.arccos(np.clip(corners.cosine, -1.0, 1.0)))
    short = np.flatnonzero((corners.length_m < short_m) & (corners.length_m > distance_m))
    sharp = np.flatnonzero((angle < degrees) & (corners.shorter_m >= edge_m))
    for rule, places, values, limit in (
        ("duplicate_point", corners.double, corners.length_m[corners.double], distance_m),
        ("short_edge", short, corners.length_m[short], short_m),
        ("spike", corners.at[sharp], angle[sharp], degrees),
    ):
        for place, value in zip(places.tolist(), values.tolist(), strict=True):
            at = (float(rings.xy[place, 0]), float(rings.xy[place, 1]))
            yield Measured(rule, (keys[owner[place]],), value, limit, at, _point(at))


def _parts(edited: Edited, book: Rulebook) -> Iterator[Measured]:
    """Parts of a parcel, and whole parcels, too small to be meant."""
    least_m2 = book["tiny_parcel"].limits["area_m2"]
    areas, was = shapely.area(edited.geoms), shapely.area(edited.before)
    for i in np.flatnonzero(areas < least_m2).tolist():
        at = _inside(edited.geoms[i])
        before = edited.pieces[i].stored and bool(was[i] < least_m2)
        yield Measured(
            "tiny_parcel", (edited.pieces[i].key,), float(areas[i]), least_m2, at, _point(at), before=before
        )
    limit = book["tiny_part"].limits["area_m2"]
    parts, owner = shapely.get_parts(edited.geoms, return_index=True)
    tiny = (shapely.area(parts) < limit) & (np.bincount(owner, minlength=len(areas))[owner] > 1)
    if not tiny.any():
        return
    known = set(shapely.to_wkb(shapely.normalize(shapely.get_parts(edited.base))).tolist())
    for p in np.flatnonzero(tiny).tolist():
        if shapely.to_wkb(shapely.normalize(parts[p])) not in known:
            area_m2 = float(shapely.area(parts[p]))
            key = edited.pieces[owner[p]].key
            yield Measured("tiny_part", (key,), area_m2, limit, _inside(parts[p]), _geojson(parts[p]))


def _areas(edited: Edited, book: Rulebook) -> Iterator[Measured]:
    """The certificate's figure and the drawing's (domain.md 8)."""
    rule = book["area_difference"]
    for piece, area_m2, registered in zip(
        edited.pieces, shapely.area(edited.geoms).tolist(), edited.registered_m2, strict=True
    ):
        if registered is not None:
            difference = abs(area_m2 - registered)
            yield Measured("area_difference", (piece.key,), difference, area_tolerance_m2(registered, rule))


def _outside(edited: Edited, book: Rulebook) -> Iterator[Measured]:
    """Ground outside the county; what lay there before the edit never blocks."""
    limit = book["outside_county"].limits["area_m2"]
    for ground in edited.ground:
        shapely.prepare(ground)
        for i in np.flatnonzero(~shapely.contains_properly(ground, edited.geoms)).tolist():
            off = shapely.difference(edited.geoms[i], ground)
            area_m2 = float(shapely.area(off))
            if area_m2 < limit:
                continue
            was = edited.before[i]
            fresh_m2 = area_m2 if was is None else float(shapely.area(shapely.difference(off, was)))
            yield Measured(
                "outside_county", (edited.pieces[i].key,), area_m2, limit, _inside(off), _geojson(off),
                before=fresh_m2 < limit,
            )  # fmt: skip


def _towns(edited: Edited, book: Rulebook) -> Iterator[Measured]:
    """Parcels that lie in several towns since the edit; the smaller part is told."""
    limits = book["crosses_town"].limits
    now, was = ground_shared(edited.geoms, edited.towns), ground_shared(edited.before, edited.towns)
    areas = shapely.area(edited.geoms)
    for i, areas_m2 in now.items():
        parts = _substantial(areas_m2, float(areas[i]), limits)
        if len(parts) < 2 or set(parts) <= set(_substantial(was.get(i, {}), float("nan"), limits)):
            continue
        names = "、".join(edited.town_names[k] for k in parts)
        least_m2 = min(parts.values())
        yield Measured(
            "crosses_town", (edited.pieces[i].key,), least_m2, limits["area_m2"], _inside(edited.geoms[i]),
            other=names,
        )  # fmt: skip


def _control_line(edited: Edited, book: Rulebook) -> Iterator[Measured]:
    """Parcels that the control line cuts since the edit; the part outside is told."""
    if edited.control_line is None:
        return
    limits = book["crosses_control_line"].limits
    line = np.array([edited.control_line], dtype=object)
    now, was = ground_shared(edited.geoms, line), ground_shared(edited.before, line)
    areas, areas_before = shapely.area(edited.geoms), shapely.area(edited.before)
    for i, inside in now.items():
        parts = _substantial({0: inside[0], 1: float(areas[i]) - inside[0]}, float(areas[i]), limits)
        former = was.get(i, {0: 0.0})[0]
        total = float(areas_before[i])
        cut_before = _substantial({0: former, 1: total - former}, total, limits)
        if len(parts) == 2 and len(cut_before) < 2:
            yield Measured(
                "crosses_control_line", (edited.pieces[i].key,), parts[1], limits["area_m2"],
                _inside(edited.geoms[i]),
            )  # fmt: skip


def ground_shared(geoms: Geometries, areas: Geometries) -> dict[int, dict[int, float]]:
    """Shape → area → the ground they share in ㎡; what lies wholly inside one area isn't cut out for it."""
    found: dict[int, dict[int, float]] = {}
    if not len(areas) or not len(geoms):
        return found
    k, i = shapely.STRtree(geoms).query(areas)
    shapely.prepare(areas)
    whole = shapely.contains_properly(areas[k], geoms[i])
    ground = shapely.area(geoms[i])
    ground[~whole] = shapely.area(shapely.intersection(areas[k[~whole]], geoms[i[~whole]]))
    for shape, area, area_m2 in zip(i.tolist(), k.tolist(), ground.tolist(), strict=True):
        found.setdefault(shape, {})[area] = area_m2
    return found


def _substantial(
    parts: Mapping[int, float], whole_m2: float, limits: Mapping[str, float]
) -> dict[int, float]:
    """Parts that are no sliver (domain.md 5)."""
    total = sum(parts.values()) if np.isnan(whole_m2) else whole_m2
    least_m2 = max(limits["area_m2"], limits["ratio"] * total)
    return {part: area_m2 for part, area_m2 in parts.items() if area_m2 >= least_m2}


def _inside(geom: shapely.Geometry) -> Point:
    place = shapely.point_on_surface(geom)
    return float(shapely.get_x(place)), float(shapely.get_y(place))


def _point(at: Point | None) -> dict[str, Any] | None:
    return None if at is None else {"type": "Point", "coordinates": list(at)}


def _geojson(geom: shapely.Geometry) -> dict[str, Any]:
    made: dict[str, Any] = shapely.geometry.mapping(geom)
    return made

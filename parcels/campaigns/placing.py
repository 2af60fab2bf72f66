"""Which towns ground lies in, and how much of which parcels stands under it: what a credit is split and frozen by.

Refuses to lose ground: what no town and no parcel claims stays with the town that is handed in.
"""

from __future__ import annotations

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.contrib.gis.geos import GEOSGeometry
from django.utils import timezone

from landgis.counties.models import County
from layers.districts.models import District
from layers.districts.queries import districts
from layers.geometry.area import additive_area_m2
from layers.geometry.transform import Geometries
from parcels.cadastre.models import Parcel
from parcels.campaigns.claims import area_m2, areal

Piece = tuple[str, shapely.Geometry]


def split_by_town(
    county: County, ground_4490: shapely.Geometry, *, sliver_m2: float, otherwise: str
) -> list[Piece]:
    """The ground by town, the largest piece first: by the towns' outlines, where none is drawn by the parcels' towns.

    "" stands for no town of the county. A piece under `sliver_m2` goes to the largest, so that a boundary that two surveys
    draw some centimetres apart splits nothing; the pieces together are the ground.
    """
    known = set(county.towns.values_list("code", flat=True))
    drawn = districts(county, District.TOWN, timezone.localdate())
    towns = [
        (code if code in known else "", shape)
        for code, shape in zip(drawn.codes, drawn.geoms_4490, strict=True)
    ]
    found, rest = _taken(ground_4490, towns)
    if rest is not None and area_m2(rest) >= sliver_m2:
        _, owners, shapes = _parcels(county, rest)
        named = [town if town in known else "" for town in owners]
        by_town = [
            (town, shapely.union_all(shapes[[name == town for name in named]])) for town in sorted({*named})
        ]
        more, rest = _taken(rest, by_town)
        found += more
    if rest is not None:
        found.append((otherwise if otherwise in known else "", rest))
    return _whole(ground_4490, found, sliver_m2)


def parcels_under(county: County, ground_4490: shapely.Geometry, *, sliver_m2: float) -> dict[str, float]:
    """Parcel → ㎡ of the ground on it, by the register as it stands; less than a sliver is left out."""
    codes, _, shapes = _parcels(county, ground_4490)
    if not codes:
        return {}
    on_them = additive_area_m2(shapely.intersection(shapes, ground_4490))
    return {
        code: round(float(part), 4) for code, part in zip(codes, on_them, strict=True) if part >= sliver_m2
    }


def _parcels(county: County, near_4490: shapely.Geometry) -> tuple[list[str], list[str], Geometries]:
    box = GEOSGeometry(memoryview(shapely.box(*near_4490.bounds).wkb), srid=4490)
    rows = Parcel.objects.filter(county=county, valid_to=None, geom_4490__bboverlaps=box).order_by("code")
    told = list(rows.annotate(wkb=AsWKB("geom_4490")).values_list("code", "town_code", "wkb"))
    shapes = shapely.from_wkb(np.array([bytes(wkb) for *_, wkb in told], dtype=object))
    return [code for code, *_ in told], [town for _, town, _ in told], shapes


def _taken(
    ground: shapely.Geometry, towns: list[tuple[str, shapely.Geometry]]
) -> tuple[list[Piece], shapely.Geometry | None]:
    """What each shape takes of the ground, one after the other, and what is left: outlines that overlap take it once."""
    found: list[Piece] = []
    rest: shapely.Geometry | None = ground
    for town, shape in towns:
        if rest is None:
            break
        if not shape.intersects(rest):
            continue
        part = areal(shapely.intersection(rest, shape))
        if part is not None:
            found.append((town, part))
            rest = areal(shapely.difference(rest, shape))
    return found, rest


def _whole(ground: shapely.Geometry, pieces: list[Piece], sliver_m2: float) -> list[Piece]:
    names = sorted({town for town, _ in pieces})
    together = [(town, shapely.union_all([part for name, part in pieces if name == town])) for town in names]
    together.sort(key=lambda piece: (-round(area_m2(piece[1]), 3), not piece[0], piece[0]))
    (main, _), others = together[0], [piece for piece in together[1:] if area_m2(piece[1]) >= sliver_m2]
    if not others:
        return [(main, ground)]
    kept = areal(shapely.difference(ground, shapely.union_all([part for _, part in others])))
    return [*([(main, kept)] if kept is not None else []), *others]

"""A feature as one line of GeoJSON (RFC 7946), written by the database.

Refuses a `crs` member: RFC 7946 knows only CRS84. CGCS2000 (EPSG:4490) is passed as it is, the two agree within
centimetres. Every geometry is still valid with its rounded coordinates: one that wouldn't be keeps all its digits.
"""

from collections.abc import Sequence

from layers.catalog.clearance import Column
from layers.catalog.collection import Collection
from layers.catalog.rows import value_sql

LONGITUDE_LATITUDE = (4490, 4326)  # the CRSs (EPSG) whose coordinates may be asked for here
ALL_DIGITS = 15
_PIECES = 90  # a function of PostgreSQL takes at most 100 arguments


def feature_sql(collection: Collection, columns: Sequence[Column], *, decimals: int) -> str:
    """An SQL expression for the whole feature as text."""
    pieces = ["""'{"type":"Feature","id":'""", _text_sql(collection.key), "',\"geometry\":'"]
    shape = geometry_sql(collection.geom_4490, decimals=decimals)
    pieces += [f"coalesce({shape}, 'null')" if collection.shapeless else shape, "',\"properties\":{'"]
    for place, column in enumerate(columns):
        comma = "," if place else ""
        pieces += [f"'{comma}\"{column.property.name}\":'", _value_sql(column)]
    pieces.append("'}}'")
    calls = [f"concat({', '.join(pieces[at : at + _PIECES])})" for at in range(0, len(pieces), _PIECES)]
    return " || ".join(calls)


def geometry_sql(geometry: str, *, decimals: int) -> str:
    """The geometry as GeoJSON: outer rings counter-clockwise, rounded where the rounded shape is valid.

    Snapping drops rings that collapse, the text doesn't: so the rings are counted as well.
    """
    valid = (
        f"(SELECT ST_NRings(rounded) = ST_NRings({geometry}) AND ST_IsValid(rounded)"
        f" FROM (SELECT ST_SnapToGrid({geometry}, 1e-{decimals}) AS rounded OFFSET 0) AS once)"
    )
    digits = f"CASE WHEN {valid} THEN {decimals} ELSE {ALL_DIGITS} END"
    return f"ST_AsGeoJSON(ST_ForcePolygonCCW({geometry}), {digits}, 0)"


def _value_sql(column: Column) -> str:
    match column.property.kind:
        case "number" | "integer":
            return f"coalesce(({value_sql(column)})::text, 'null')"
        case "date":
            return f"coalesce('\"' || ({column.sql})::text || '\"', 'null')"
    return f"coalesce({_text_sql(column.sql)}, 'null'::json)"


def _text_sql(expression: str) -> str:
    return f"to_json(({expression})::text)"

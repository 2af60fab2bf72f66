"""One tile in which every feature stands alone: one SQL statement, from the stored EPSG:3857 shapes to the bytes.

Refuses properties that the asker has no right to: they aren't in the statement.
"""

from layers.catalog.clearance import seen
from layers.catalog.rows import Question, rows, value_sql
from layers.tiles.grid import Tile
from layers.tiles.statements import one_row

EXTENT = 4096
BUFFER = 64


def detail_tile(question: Question, tile: Tile) -> bytes:
    """The tile's features as a Mapbox vector tile; empty where there are none."""
    collection = question.collection
    shown = seen(collection.drawing.properties, question.cleared)
    found = rows(question, shown, few=True, extra=[f"{collection.geom_3857} && {around(BUFFER / EXTENT)}"])
    values = "".join(f",\n       {value_sql(column)} AS {column.property.name}" for column in shown)
    if collection.card:
        values += f",\n       {collection.alias}.id AS id"
    statement = f"""SELECT ST_AsMVT(feature, '{collection.id}', {EXTENT}, 'geom') FROM (
SELECT ST_AsMVTGeom({collection.geom_3857}, {around(0)}, {EXTENT}, {BUFFER}) AS geom{values}
{found.sql}) AS feature"""
    row = one_row(statement, found.values | bounds(tile))
    return bytes(row[0]) if row and row[0] else b""


def bounds(tile: Tile) -> dict[str, float]:
    return {"west": tile.west, "south": tile.south, "east": tile.east, "north": tile.north, "side": tile.side}


def around(margin: float) -> str:
    """The tile's square, widened by a share of its side so that outlines don't end at its edge."""
    wide = f"{margin!r} * %(side)s::float8" if margin else "0"
    return (
        f"ST_MakeEnvelope(%(west)s::float8 - {wide}, %(south)s::float8 - {wide},"
        f" %(east)s::float8 + {wide}, %(north)s::float8 + {wide}, 3857)"
    )

"""Text formats, streamed from the database line by line: GeoJSON, GeoJSON lines and CSV.

Refuses a CRS for GeoJSON (RFC 7946 knows only CRS84), and table cells that a spreadsheet would take for a formula.
"""

from landgis.lib.errors import UsageError
from layers.catalog.clearance import Column
from layers.catalog.feature_text import LONGITUDE_LATITUDE, feature_sql
from layers.catalog.rows import value_sql
from parcels.exchange.lines import write_lines
from parcels.exchange.writing import Export, Written


def write_geojson(export: Export) -> Written:
    """One FeatureCollection, a feature a line."""
    name = export.question.collection.id
    opening = f'{{"type":"FeatureCollection","name":"{name}","features":[\n'.encode()
    return write_lines(export, _feature_sql(export), opening=opening, between=b",\n", closing=b"\n]}\n")


def write_geojson_lines(export: Export) -> Written:
    """A feature a line, without a frame (RFC 8142's plain form)."""
    return write_lines(export, _feature_sql(export), between=b"\n", closing=b"\n")


def write_csv(export: Export) -> Written:
    """UTF-8 with a byte-order mark, which Excel needs to read Chinese; the first row holds titles and units.

    Codes get a leading tab: without it Excel turns 0601 into 601 and the tail of a long code into zeros.
    """
    if export.crs is not None:
        raise UsageError(
            "CSV 只含属性，不含图形，不能指定 --crs。", remedy="请去掉 --crs，或改用 gpkg、zip 等格式。"
        )
    headings = ",".join(_quoted(column.property.heading) for column in export.columns)
    cells = " || ',' || ".join(_cell_sql(column) for column in export.columns)
    opening = b"\xef\xbb\xbf" + headings.encode() + b"\r\n"
    return write_lines(export, cells, opening=opening, between=b"\r\n", closing=b"\r\n")


def _feature_sql(export: Export) -> str:
    if export.crs not in (None, *LONGITUDE_LATITUDE):
        raise UsageError(
            f"GeoJSON 只能用经纬度（RFC 7946），不能用 EPSG:{export.crs}。",
            remedy="请去掉 --crs，或改用 gpkg、zip 等格式。",
        )
    question = export.question
    return feature_sql(question.collection, export.columns, decimals=export.decimals)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _cell_sql(column: Column) -> str:
    """A cell: numbers and dates bare, text in quotes on one line; a tab before what a spreadsheet would misread."""
    if column.property.kind not in ("text", "code"):
        return f"coalesce(({value_sql(column)})::text, '')"
    text = f"translate(coalesce(({column.sql})::text, ''), E'\\x01\\x02\\r\\n', '    ')"
    misread = "'^[=+\\-@\\t]|^\\d+$'" if column.property.kind == "code" else "'^[=+\\-@\\t]'"
    guarded = f"CASE WHEN cell ~ {misread} THEN E'\\t' ELSE '' END || replace(cell, '\"', '\"\"')"
    return f"(SELECT '\"' || {guarded} || '\"' FROM (SELECT {text} AS cell) AS one)"

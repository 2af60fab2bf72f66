"""Small-scale tiles of a collection whose features are put together by group.

The boxes and groups of all features are read once for each version of the data and kept in memory; the tiles of
all zooms, rights and territories are cut from them. Refuses to answer from another version than the one asked for.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.db import connection
from psycopg import Cursor

from landgis.access.queries import Actor
from layers.catalog.clearance import Clearance, seen
from layers.catalog.rows import Question, in_force_sql, rows, value_sql
from layers.tiles.detail import around, bounds
from layers.tiles.grid import Tile
from layers.tiles.mosaic import BUFFER, EXTENT, FEATURE, Mosaic, Overview, mosaic
from layers.tiles.statements import one_row

# Overviews (of a collection and a year) that stay in memory, those of today and those of past days apart, so that a walk
# through the years doesn't drive out what everybody looks at: 6 MB for 100,000 features each.
KEPT = 3

Group = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class _Loaded:
    overview: Overview
    groups: tuple[Group, ...]  # town code, values of the drawing's groups


_kept: OrderedDict[tuple[Any, ...], tuple[str, _Loaded]] = OrderedDict()  # with the version of the data
_lock = threading.Lock()


def grouped_tile(question: Question, tile: Tile, *, version: str) -> bytes:
    """The tile's groups as a Mapbox vector tile: each with `n`, `area_mu` and the group properties that may be seen."""
    loaded = _at(question, version)
    names, keys, key_of_group = _keys(loaded.groups, question)
    cut = mosaic(loaded.overview, tile, key_of_group, len(keys))
    return _encoded(question, tile, names, keys, cut) if cut else b""


def _keys(groups: tuple[Group, ...], question: Question) -> tuple[list[str], list[tuple[Any, ...]], Any]:
    """The groups as this actor sees them: values they may not see left out, other towns' groups numbered -1."""
    drawing, actor = question.collection.drawing, question.actor
    visible = [column.property.name for column in seen(drawing.properties, question.cleared)]
    places = [place for place, name in enumerate(drawing.groups) if name in visible]
    towns = actor.town_codes if question.collection.town_limited else None
    numbers: dict[tuple[Any, ...], int] = {}
    key_of_group = np.full(len(groups), -1, dtype=np.int64)
    for number, (town, values) in enumerate(groups):
        if towns is None or town in towns:
            key = tuple(values[place] for place in places)
            key_of_group[number] = numbers.setdefault(key, len(numbers))
    return [drawing.groups[place] for place in places], list(numbers), key_of_group


def _at(question: Question, version: str) -> _Loaded:
    """Read anew when the data have changed; who comes meanwhile waits for the one reading."""
    county = question.actor.county_code
    key = (
        question.past,
        connection.settings_dict["NAME"],
        question.collection.id,
        county,
        question.on,
        question.year,
    )
    with _lock:
        if key not in _kept or _kept[key][0] != version:
            _kept[key] = (version, _load(question))
            _forget(question.past)
        _kept.move_to_end(key)
        return _kept[key][1]


def _forget(past: bool) -> None:
    """The overviews of past days, or of today, that nobody has looked at for longest."""
    mine = [key for key in _kept if key[0] is past]
    for key in mine[: max(0, len(mine) - KEPT)]:
        del _kept[key]


def _load(question: Question) -> _Loaded:
    """Everything of the county, whoever asks: what the asker may not see is left out when a tile is cut."""
    collection, drawing = question.collection, question.collection.drawing
    rights = frozenset(item.right for item in drawing.properties)
    everything: Actor = replace(question.actor, town_codes=None, rights=rights)
    whole = replace(question, actor=everything, clearance=Clearance(rights, None))
    columns = [c for c in seen(drawing.properties, whole.cleared) if c.property.name in drawing.groups]
    columns.sort(key=lambda column: drawing.groups.index(column.property.name))
    found = rows(whole, columns)
    town = f"{collection.alias}.town_code" if collection.town_limited else "''"
    values = "".join(f", {value_sql(column)} AS group_{place}" for place, column in enumerate(columns))
    names = "".join(f", group_{place}" for place in range(len(columns)))
    statement = f"""
SELECT town{names}, string_agg(
       int8send(id) || float8send(ST_XMin(box)) || float8send(ST_YMin(box)) || float8send(ST_XMax(box))
       || float8send(ST_YMax(box)) || float8send(area_m2), ''::bytea)
  FROM (SELECT {collection.alias}.id, {town} AS town{values}, {collection.area_m2} AS area_m2,
               box2d({collection.geom_3857})::box3d AS box
          {found.sql} OFFSET 0) AS feature
 GROUP BY town{names}"""
    connection.ensure_connection()
    with Cursor(connection.connection) as cursor:
        packed = cursor.execute(statement.encode(), found.values, binary=True).fetchall()
    parts = [np.frombuffer(row[-1], dtype=FEATURE) for row in packed]
    features = np.concatenate(parts) if parts else np.empty(0, dtype=FEATURE)
    native = features.astype(FEATURE.newbyteorder("="))
    group = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    return _Loaded(Overview(native, group), tuple((row[0], tuple(row[1:-1])) for row in packed))


def _encoded(
    question: Question, tile: Tile, names: list[str], keys: list[tuple[Any, ...]], cut: Mosaic
) -> bytes:
    """PostGIS draws the big shapes and writes the tile; the cells arrive ready in tile units."""
    collection = question.collection
    of_the_day = f" AND {in_force_sql(collection.alias)}" if question.past else ""
    present = sorted({*np.flatnonzero(cut.counts).tolist(), *cut.shape_keys.tolist()})
    columns = {name: [keys[key][place] for key in present] for place, name in enumerate(names)}
    types = {name: _array_type(values) for name, values in columns.items()}
    arrays = "".join(f", %(of_{name})s::{types[name]}" for name in names)
    listed = "".join(f", {name}" for name in names)
    statement = f"""
WITH grouped AS (
  SELECT * FROM unnest(%(keys)s::int[], %(n)s::int[], %(area_mu)s::float8[], %(cells)s::bytea[]{arrays})
      AS given(key, n, area_mu, cells{listed})),
part AS (
  SELECT shape.key, (ST_Dump(ST_AsMVTGeom(
           ST_Simplify({collection.geom_3857}, %(side)s::float8 / {EXTENT}, true),
           {around(0)},
           {EXTENT}, {BUFFER}))).geom AS geom
    FROM unnest(%(shape_ids)s::bigint[], %(shape_keys)s::int[]) AS shape(id, key)
    JOIN {question.relation} AS {collection.alias} ON {collection.alias}.id = shape.id{of_the_day}
     AND {collection.geom_3857} && {around(BUFFER / EXTENT)}
   UNION ALL
  SELECT key, (ST_Dump(ST_GeomFromWKB(cells))).geom FROM grouped WHERE cells IS NOT NULL),
drawn AS (SELECT key, ST_Collect(ST_SetSRID(geom, 0)) AS geom FROM part GROUP BY key)
SELECT ST_AsMVT(feature, '{collection.id}', {EXTENT}, 'geom')
  FROM (SELECT drawn.geom, n, area_mu{listed} FROM grouped JOIN drawn USING (key)) AS feature"""
    values = bounds(tile) | {
        "on": question.on,
        "keys": present,
        "n": cut.counts[present].tolist(),
        "area_mu": np.round(cut.areas_m2[present] * 15 / 10000, 2).tolist(),
        "cells": [cut.cells.get(key) for key in present],
        "shape_ids": cut.shape_ids.tolist(),
        "shape_keys": cut.shape_keys.tolist(),
        **{f"of_{name}": values for name, values in columns.items()},
    }
    row = one_row(statement, values)
    return bytes(row[0]) if row and row[0] else b""


def _array_type(values: Iterable[Any]) -> str:
    return "int[]" if any(isinstance(value, int) for value in values) else "text[]"

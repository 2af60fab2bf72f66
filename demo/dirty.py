"""The dirty delivery: sound and faulty rows in one file, and the list of which row has which fault.

It refuses an undocumented fault: what is not in the list is meant to be accepted.
"""

from dataclasses import replace

import numpy as np
import shapely

from demo.county import County, round_mm
from demo.dirty_fields import odd_but_right, put_field_faults
from demo.dirty_rows import DirtyRow, Fault, sound_rows
from demo.dirty_shapes import put_overlaps, put_place_faults, put_ring_faults
from demo.parcels import Estate
from demo.randomness import stream
from demo.shp import rings_of

ROWS = 136


def spoil(county: County, towns: list[shapely.Polygon], estate: Estate, seed: int) -> list[DirtyRow]:
    """All rows in the order of the file."""
    rng = stream(seed, "dirty order")
    rows = sound_rows(county, estate.reserved, seed)
    faulty = put_overlaps(rows, estate.parcels)
    # What the overlaps took must stay as it is: its neighbours are part of the fault.
    shuffled = [rows[at] for at in rng.permutation(len(rows))]
    faulty += put_ring_faults(shuffled, estate.parcels)
    rest = (row for row in shuffled if row.fault is None and not row.accepted_note)
    faulty += put_place_faults(county, towns, rest)
    faulty += put_field_faults(county, rest, estate.parcels)
    faulty.append(_too_small(next(rest)))
    odd = odd_but_right(rest)
    sound = [row for row in rows if row.fault is None and not row.accepted_note]
    kept = [*faulty, *odd, *sound[: ROWS - len(faulty) - len(odd)]]
    return [kept[at] for at in rng.permutation(len(kept))]


def fault_table(rows: list[DirtyRow]) -> list[list[str]]:
    """Heading and one line for each faulty row; rows count from 1."""
    place = {id(row): number for number, row in enumerate(rows, start=1)}
    table = [["row", "fault", "field", "expected_code", "severity", "note_zh", "other_row"]]
    for row in rows:
        if row.fault is not None:
            fault = row.fault
            other = "" if row.partner is None else str(place[id(row.partner)])
            table.append(
                [
                    str(place[id(row)]),
                    fault.name,
                    fault.field,
                    fault.expected_code,
                    fault.severity,
                    fault.note_zh,
                    other,
                ]
            )
    return table


def accepted_table(rows: list[DirtyRow]) -> list[tuple[int, str]]:
    """Rows that look odd and are right."""
    return [(number, row.accepted_note) for number, row in enumerate(rows, start=1) if row.accepted_note]


def _too_small(row: DirtyRow) -> DirtyRow:
    middle = shapely.get_coordinates(shapely.point_on_surface(row.parcel.shape_4528))[0]
    square = np.array([(0, 0), (0.8, 0), (0.8, 0.62), (0, 0.62)]) + middle
    shape = shapely.Polygon(round_mm(square))
    row.rings = rings_of(shape)
    row.record = replace(row.record, area_m2=round(float(shape.area), 2))
    row.fault = Fault("面积过小", "geometry", "area_too_small", "error", "整宗只有 0.5 平方米")
    return row

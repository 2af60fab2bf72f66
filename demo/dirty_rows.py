"""What one row of the dirty delivery is, and the sound rows that the faults are put into.

It refuses a row with two faults: a row is sound, sound but oddly written, or has one documented fault.
"""

from dataclasses import dataclass, replace
from datetime import date

from demo.county import County
from demo.model import RegisterRow
from demo.names import project_names
from demo.parcels import Parcel
from demo.randomness import stream
from demo.register import places
from demo.shp import Rings, rings_of
from demo.uscc import invented_uscc

_DATE_SPANS = ((2015, 2026), (1, 13), (1, 29))


@dataclass(frozen=True)
class Fault:
    name: str
    field: str
    expected_code: str
    severity: str
    note_zh: str


@dataclass
class DirtyRow:
    parcel: Parcel
    record: RegisterRow
    rings: Rings
    fault: Fault | None = None
    partner: "DirtyRow | None" = None
    """The other row of a fault that takes two."""
    accepted_note: str = ""
    """Why an oddly written row is still right."""

    def change(self, **changes: object) -> None:
        """Replace fields of the record."""
        self.record = replace(self.record, **changes)  # type: ignore[arg-type]


def sound_rows(county: County, reserved: list[Parcel], seed: int) -> list[DirtyRow]:
    """A new survey delivery: other ground and other codes than the register's, all in order."""
    rng = stream(seed, "dirty rows")
    holders = project_names(stream(seed, "dirty holders"), len(reserved))
    locations = places(county, reserved, seed + 1)
    rows = []
    for at, parcel in enumerate(reserved):
        record = RegisterRow(
            code=parcel.code,
            holder=holders[at],
            location=locations[at],
            area_m2=round(parcel.area_m2, 2),
            land_class="0601",
            tenure="出让",
            town=county.towns[parcel.town].name,
            registered_on=date(*(int(rng.integers(*span)) for span in _DATE_SPANS)).isoformat(),
            uscc=invented_uscc(county.code, 5000 + at),
            note="示意数据",
        )
        rows.append(DirtyRow(parcel, record, rings_of(parcel.shape_4528)))
    return rows

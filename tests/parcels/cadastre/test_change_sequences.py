"""Random changes one after the other: every day can be shown again, nothing dangles, and undone backwards all is as before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import shapely
from django.db import connection, transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from landgis.access.queries import command_actor
from landgis.counties.models import County
from parcels.cadastre.as_of import REGISTER
from parcels.cadastre.lineage_models import CadastralEvent, Lineage, ParcelVersion
from parcels.cadastre.models import Holding, Parcel
from parcels.cadastre.numbering import new_codes
from parcels.cadastre.reversal import LaterChanges, reverse_change
from parcels.cadastre.transitions import ChangedParcel, Transition
from parcels.enterprises.models import Occupancy
from parcels.supply.models import SupplyContract
from tests import factories
from tests.factories import box
from tests.factories_cadastre import CARRIERS, applied, born, reshaped, shape

START = date(2020, 1, 1)
CELLS = 4  # in a row, eight units wide each: enough for three divisions of one

# What fails is told as it was found: each example is a county of its own, and hundreds of smaller ones take minutes.
PHASES = [Phase.explicit, Phase.reuse, Phase.generate]

Snapshot = dict[str, bytes]
Box = tuple[int, int]

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "divide",
                "merge",
                "move",
                "note",
                "hand_over",
                "hand_over",
                "retire",
                "restore",
                "undo",
                "undo_one",
                "redo",
                "redo",
            ]
        ),
        st.integers(0, 50),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=9,
)


@dataclass
class Story:
    """The register under random changes; boxes of the parcels in force by code, and what each day ended with."""

    county: County
    on: date = START
    boxes: dict[str, Box] = field(default_factory=dict)
    changes: list[int] = field(default_factory=list)  # that still hold, the newest last
    undone: list[int] = field(default_factory=list)  # the reversals that could be taken back themselves
    days: dict[date, Snapshot] = field(default_factory=dict)

    def step(self, what: str, which: int) -> None:
        known = sorted(self.boxes, key=self.boxes.__getitem__)
        getattr(self, what)(known, which)
        self.boxes = {
            parcel.code: (round((west - 120) * 1000), round((east - 120) * 1000))
            for parcel in Parcel.objects.filter(valid_to=None)
            for west, _, east, _ in [parcel.geom_4490.extent]
        }

    def divide(self, known: list[str], which: int) -> None:
        wide = [code for code in known if self.boxes[code][1] - self.boxes[code][0] > 1]
        if wide:
            code = wide[which % len(wide)]
            west, east = self.boxes[code]
            middle = west + 1 + which % (east - west - 1)
            parent = _parcel(code)
            names = new_codes(self.county, [code, code])
            shapes = [box(west, 0, middle, 1), box(middle, 0, east, 1)]
            children = [
                born(self.county, name, geom, [parent]) for name, geom in zip(names, shapes, strict=True)
            ]
            self._do(Transition(on=self.on, born=children, ended=[parent.pk]))

    def merge(self, known: list[str], which: int) -> None:
        beside = self._neighbours(known)
        if beside:
            one, other = beside[which % len(beside)]
            parents = [_parcel(one), _parcel(other)]
            (name,) = new_codes(self.county, [one])
            geom = box(self.boxes[one][0], 0, self.boxes[other][1], 1)
            child = born(self.county, name, geom, parents)
            self._do(Transition(on=self.on, born=[child], ended=[parent.pk for parent in parents]))

    def move(self, known: list[str], which: int) -> None:
        beside = [
            pair for pair in self._neighbours(known) if self.boxes[pair[1]][1] - self.boxes[pair[1]][0] > 1
        ]
        if beside:
            one, other = beside[which % len(beside)]
            (west, edge), (_, east) = self.boxes[one], self.boxes[other]
            moved = [
                reshaped(_parcel(one), box(west, 0, edge + 1, 1)),
                reshaped(_parcel(other), box(edge + 1, 0, east, 1)),
            ]
            self._do(Transition(on=self.on, changed=moved))

    def note(self, known: list[str], which: int) -> None:
        if known:
            changed = ChangedParcel(
                _parcel(known[which % len(known)]).pk, {"note": f"第 {len(self.changes)} 次"}
            )
            self._do(Transition(on=self.on, changed=[changed]))

    def hand_over(self, known: list[str], which: int) -> None:
        if known:
            share = Decimal(1 + which % 4) / 4
            holders = [{"name": f"示意{which % 3}有限公司", "share": share}]
            if share < 1:
                holders.append({"name": f"示意{which % 3 + 1}有限公司", "share": 1 - share})
            changed = ChangedParcel(_parcel(known[which % len(known)]).pk, {"holders": holders})
            self._do(Transition(on=self.on, changed=[changed]))

    def retire(self, known: list[str], which: int) -> None:
        if known:
            self._do(Transition(on=self.on, ended=[_parcel(known[which % len(known)]).pk]))

    def restore(self, known: list[str], which: int) -> None:
        """Only ground that nobody has taken since."""
        free = [
            parcel
            for parcel in Parcel.objects.filter(valid_to__isnull=False).order_by("id")
            if not Parcel.objects.filter(
                valid_to=None, geom_4490__relate=(parcel.geom_4490, "T********")
            ).exists()
        ]
        if free:
            self._do(Transition(on=self.on, restored=[free[which % len(free)].pk]))

    def undo(self, known: list[str], which: int) -> None:
        if self.changes:
            self.undone.append(self.take_back(self.changes.pop()))

    def undo_one(self, known: list[str], which: int) -> None:
        """Any change: one that others rest on is refused, and nothing has happened."""
        if self.changes:
            at = which % len(self.changes)
            before = _present(), _facts()
            try:
                self.take_back(self.changes[at])
            except LaterChanges:
                assert (_present(), _facts()) == before
            else:
                del self.changes[at]
                self.undone.clear()

    def redo(self, known: list[str], which: int) -> None:
        if self.undone:
            self.changes.append(self.take_back(self.undone.pop()))

    def take_back(self, change: int) -> int:
        operator = command_actor("system", self.county)
        made = reverse_change(self.county, operator, change, reason="撤销", on=self.on, carriers=CARRIERS)
        return CadastralEvent.objects.get(pk=made.events[0].id).change_id

    def _neighbours(self, known: list[str]) -> list[tuple[str, str]]:
        return [(a, b) for a, b in pairwise(known) if self.boxes[a][1] == self.boxes[b][0]]

    def _do(self, transition: Transition) -> None:
        self.undone.clear()
        self.changes.append(applied(self.county, transition)[0])


def _parcel(code: str) -> Parcel:
    return Parcel.objects.get(code=code)


def _present() -> Snapshot:
    return {parcel.code: bytes(parcel.geom_4490.wkb) for parcel in Parcel.objects.filter(valid_to=None)}


def _as_of(on: date) -> Snapshot:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT p.code, ST_AsBinary(p.geom_4490) FROM {REGISTER} p"
            " WHERE p.valid_from <= %s AND (p.valid_to IS NULL OR p.valid_to > %s)",
            [on, on],
        )
        rows = cursor.fetchall()
    assert len({code for code, _ in rows}) == len(rows)
    return {code: bytes(wkb) for code, wkb in rows}


def _facts() -> tuple[list[str], ...]:
    held = Holding.objects.filter(valid_to=None).values_list("parcel__code", "holder__name", "share")
    used = Occupancy.objects.filter(valid_to=None).values_list(
        "parcel__code", "enterprise__uscc", "share", "area_m2"
    )
    notes = Parcel.objects.filter(valid_to=None).values_list("code", "note", "planar_area_m2")
    tied = SupplyContract.objects.values_list("contract_no", "parcel__code")
    return tuple(sorted(map(str, rows)) for rows in (held, used, notes, tied))


def _nothing_dangles(alive: bool) -> None:
    ended = Parcel.objects.filter(valid_to__isnull=False)
    assert not Holding.objects.filter(parcel__in=ended, valid_to=None).exists()
    assert not Occupancy.objects.filter(parcel__in=ended, valid_to=None).exists()
    if alive:  # a retired parcel keeps its contract; a divided or merged one never
        divided = Lineage.objects.filter(ancestor__in=ended, descendant__valid_to=None).values("ancestor")
        assert not SupplyContract.objects.filter(parcel__in=divided).exists()
    shapes = [shapely.from_wkb(wkb) for wkb in _present().values()]
    if shapes:
        together = shapely.union_all(shapes).area
        assert abs(sum(item.area for item in shapes) - together) < 1e-12


@contextmanager
def _register(county: County) -> Iterator[Story]:
    """Taken back after each example."""
    with transaction.atomic():
        firms = [factories.enterprise(county, f"91330782000000000{n}", f"示意企业{n}") for n in range(CELLS)]
        for n, firm in enumerate(firms):
            facts = {"valid_from": date(2015, 1, 1)}
            parcel = factories.parcel(county, f"P{n}", box(8 * n, 0, 8 * n + 8, 1), **facts)
            factories.holder(parcel, f"示意{n % 2}有限公司")
            factories.occupancy(parcel, firm, share=Decimal("0.7"))
            factories.occupancy(parcel, firms[0], role="leased_in", area_m2=Decimal("123.4567"))
            factories.contract(county, f"HT-{n}", parcel)
        yield Story(county, boxes={f"P{n}": (8 * n, 8 * n + 8) for n in range(CELLS)})
        transaction.set_rollback(True)


@settings(max_examples=25, phases=PHASES)
@given(steps=STEPS)
def test_every_day_can_be_shown_again_and_undone_backwards_all_is_as_before(
    county: County, steps: list[tuple[str, int, int]]
) -> None:
    with _register(county) as story:
        first, facts = _present(), _facts()
        story.days[START - timedelta(days=1)] = first
        for what, which, days in steps:
            story.on += timedelta(days=days)
            story.step(what, which)
            story.days[story.on] = _present()
            _nothing_dangles(alive=True)
        for day, snapshot in story.days.items():
            assert _as_of(day) == snapshot
        for change in reversed(story.changes):
            story.take_back(change)
        assert (_present(), _facts()) == (first, facts)
        _nothing_dangles(alive=False)
        before_today = {day: snapshot for day, snapshot in story.days.items() if day < story.on}
        assert all(_as_of(day) == snapshot for day, snapshot in before_today.items())
        assert all(version.valid_from <= version.valid_to for version in ParcelVersion.objects.all())


def test_the_steps_do_what_they_are_called(county: County) -> None:
    """So that the sequence above isn't a long way of doing nothing."""
    with _register(county) as story:
        for what, which in [
            ("divide", 3),
            ("merge", 1),
            ("move", 0),
            ("note", 2),
            ("retire", 0),
            ("restore", 0),
        ]:
            before = len(story.changes)
            story.step(what, which)
            assert len(story.changes) == before + 1, what
        for what in ("undo", "undo", "undo", "redo", "redo", "undo"):
            story.step(what, 0)
        assert (len(story.changes), len(story.undone)) == (4, 2)
        assert shape(_parcel("P3").geom_4490).is_valid

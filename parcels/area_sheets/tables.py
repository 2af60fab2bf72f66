"""A sheet as tables, the years side by side: the same for the page and for the workbook.

Refuses to work anything out but shares of what the sheet says.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext_noop as _

from parcels.area_sheets.ground import KINDS
from parcels.area_sheets.queries import AreaSheet, Figures, YearOf
from parcels.area_sheets.rules import Part
from parcels.evaluation.rules import FIGURES, INDICATORS, RETURNED
from parcels.yearly.grade_mix import FILLS, Piece

Kind = Literal["whole", "figure", "text"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A value; None = unknown, or not told (`hidden`)."""

    value: float | str | None
    kind: Kind = "figure"
    hidden: bool = False

    @property
    def text(self) -> str:
        if self.value is None or isinstance(self.value, str):
            return self.value or ""
        return f"{self.value:,.0f}" if self.kind == "whole" else f"{self.value:,.2f}"


@dataclass(frozen=True, slots=True)
class Line:
    """A row: what it is, its unit, and its cells, those of a year together."""

    label: str
    unit: str
    years: tuple[tuple[Cell, ...], ...]
    fill: int | None = None  # the colour of a grade in the bar

    @property
    def cells(self) -> list[Cell]:
        return [cell for year in self.years for cell in year]


@dataclass(frozen=True, slots=True)
class Section:
    """A table; `heads` are the columns that each year has."""

    title: str
    years: tuple[int, ...]
    heads: tuple[str, ...]
    kinds: tuple[Kind, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """The grades of a year's land as pieces that fill a bar."""

    year: int
    pieces: tuple[Piece, ...]


def sections(sheet: AreaSheet) -> list[Section]:
    """Land, money, indicators, grades and classes; the last two only where there are any."""
    years, found = sheet.years, sheet.found
    made = [
        Section(_("土地和企业"), years, (_("数值"),), ("figure",), _land(sheet)),
        Section(
            _("分摊到范围内的数据"),
            years,
            (_("数值"), _("占全县（％）")),
            ("figure", "figure"),
            _money(found),
        ),
        Section(
            _("亩均指标"),
            years,
            (_("数值"), _("名次"), _("全县")),
            ("figure", "text", "figure"),
            _ratios(found),
        ),
    ]
    by_grade, by_class = (
        [getattr(year, name) if year else () for year in found] for name in ("grades", "classes")
    )
    for title, parts in ((_("各档次"), by_grade), (_("各组别"), by_class)):
        if any(parts):
            lines = _parts(parts, sheet.cleared, sheet.grades if parts is by_grade else ())
            heads: tuple[str, ...] = (_("企业（家）"),)
            kinds: tuple[Kind, ...] = ("whole",)
            if sheet.cleared:
                heads = (*heads, _("用地（亩）"), _("占用地（％）"), _("税收（万元）"))
                kinds = (*kinds, "figure", "figure", "figure")
            made.append(Section(title, years, heads, kinds, lines))
    return made


def bars(sheet: AreaSheet) -> list[Bar]:
    """Land by grade of each year, in the order of the table of grades; nothing for whoever isn't told it."""
    if not sheet.cleared:
        return []
    made = []
    for year in sheet.found:
        whole = math.fsum(part.land_mu for part in year.grades) if year else 0.0
        if year is None or not whole:
            continue
        pieces, before = [], 0.0
        for part in year.grades:
            pieces.append(
                Piece(_fill(sheet.grades, part.key), 100 * before / whole, 100 * part.land_mu / whole)
            )
            before += part.land_mu
        made.append(Bar(year.year, tuple(pieces)))
    return made


def basis(sheet: AreaSheet) -> list[tuple[int, tuple[str, ...]]]:
    """Year → what its figures were computed from, and what is missing in them."""
    return [
        (year, (*found.basis, *found.missing) if found else ("该年度没有这个范围，或者尚未划定",))
        for year, found in zip(sheet.years, sheet.found, strict=True)
    ]


def _land(sheet: AreaSheet) -> tuple[Line, ...]:
    def line(label: str, unit: str, kind: Kind, name: str, *, told: bool = True) -> Line:
        values = [getattr(year, name) if year else None for year in sheet.found]
        cells = (
            (Cell(v, kind, v is None and y is not None and not told),)
            for v, y in zip(values, sheet.found, strict=True)
        )
        return Line(label, unit, tuple(cells))  # fmt: skip

    return (
        line(_("宗地"), "宗", "whole", "parcels"),
        line(_("宗地面积（落在范围内）"), "亩", "figure", "parcels_mu"),
        line(_("用地企业"), "家", "whole", "firms"),
        line(_("企业用地"), "亩", "figure", "land_mu", told=sheet.cleared),
        line(_("其中：有年度报表的企业用地"), "亩", "figure", "evaluated_mu", told=sheet.cleared),
    )


def _money(found: Sequence[YearOf | None]) -> tuple[Line, ...]:
    def cells(year: YearOf | None, n: int) -> tuple[Cell, ...]:
        if year is None:
            return (Cell(None), Cell(None))
        own, county = year.own.money[n], year.county.money[n]
        share = 100 * own / county if own is not None and county else None
        return Cell(own, "figure", RETURNED[n] in year.own.hidden), Cell(share)

    return tuple(
        Line(FIGURES[name].title, FIGURES[name].unit, tuple(cells(year, n) for year in found))
        for n, name in enumerate(RETURNED)
    )


def _ratios(found: Sequence[YearOf | None]) -> tuple[Line, ...]:
    def cells(year: YearOf | None, n: int) -> tuple[Cell, ...]:
        if year is None:
            return (Cell(None), Cell(None, "text"), Cell(None))
        code, place = INDICATORS[n].code, year.places[n]

        def of(figures: Figures) -> Cell:
            return Cell(figures.ratios[n], "figure", code in figures.hidden)

        return of(year.own), Cell(f"{place[0]}/{place[1]}" if place else None, "text"), of(year.county)

    return tuple(
        Line(one.title, one.unit, tuple(cells(year, n) for year in found)) for n, one in enumerate(INDICATORS)
    )


def _parts(found: Sequence[tuple[Part, ...]], cleared: bool, colours: Sequence[str]) -> tuple[Line, ...]:
    """A grade or class a row, and all of them together as the last; `colours` are the grades in the bar's order."""
    tax = RETURNED.index("tax_wan")
    names = _keys(found)

    def cells(parts: tuple[Part, ...], whole: float) -> tuple[Cell, ...]:
        if not parts and not whole:
            return (Cell(None, "whole"), *(Cell(None),) * (3 if cleared else 0))
        firms = Cell(sum(part.firms for part in parts), "whole")
        if not cleared:
            return (firms,)
        land = math.fsum(part.land_mu for part in parts)
        money = math.fsum(part.money[tax] for part in parts)
        return firms, Cell(land), Cell(100 * land / whole if whole else None), Cell(money)

    wholes = [math.fsum(part.land_mu if cleared else part.firms for part in parts) for parts in found]
    lines = [
        Line(
            name,
            "",
            tuple(
                cells(tuple(part for part in parts if part.key == name), whole)
                for parts, whole in zip(found, wholes, strict=True)
            ),
            _fill(colours, name) if name in colours and cleared else None,
        )
        for name in names
    ]
    total = tuple(cells(parts, whole) for parts, whole in zip(found, wholes, strict=True))
    return (*lines, Line("合计", "", total))


def _keys(found: Sequence[tuple[Part, ...]]) -> list[str]:
    """The keys of all years, in the newest year's order, older ones after what they follow in their own."""
    names: list[str] = []
    for parts in reversed(found):
        before = 0
        for part in parts:
            if part.key in names:
                before = names.index(part.key) + 1
            else:
                names.insert(before, part.key)
                before += 1
    return names


def _fill(names: Sequence[str], name: str) -> int:
    return min(names.index(name), FILLS - 1) if name in names else FILLS - 1


def heading(sheet: AreaSheet) -> str:
    """What kind of area it is, with its code where that isn't its name."""
    kind = f"{KINDS[sheet.kind]}（{sheet.platform_type}）" if sheet.platform_type else KINDS[sheet.kind]
    return kind + (f" {sheet.code}" if sheet.code and sheet.code not in sheet.name else "")

"""The sheet of an area: its firms' land by grade and class, money and per-mu indicators of up to three years.

Refuses figures that could be worked out to be a firm's to whoever isn't cleared: they get what the year's tables tell them,
counts of firms, and of a drawn polygon or a parcel no more than its land.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from landgis.access.queries import Actor
from landgis.access.rules import VIEW_FIRM_FIGURES, VIEW_MAP
from landgis.counties.models import County
from landgis.lib.errors import Conflict, Forbidden, InputError, NotFound
from landgis.lib.units import m2_to_mu_array
from layers.districts.queries import platform_types
from parcels.area_sheets.grades import Graded, Labels, grades_of
from parcels.area_sheets.ground import (
    COUNTY,
    DRAWN,
    INDUSTRY,
    KINDS,
    LEVEL,
    LINE,
    PARCEL,
    PLATFORM,
    TOWN,
    Floats,
    Ground,
    ground_of,
    land_in,
    land_of,
    peers,
    share_of,
)
from parcels.area_sheets.rules import Fallen, Part, by_label, fallen
from parcels.atlas.queries import MOST_YEARS, beside_each_other, runs_of, told, years_computed
from parcels.atlas.rules import ranked
from parcels.evaluation.apportion import OCCUPIED
from parcels.evaluation.models import IndicatorRun
from parcels.evaluation.polygon import parcels_under
from parcels.evaluation.rules import INDICATORS, LAND, RETURNED, last_day, missing_words

LISTS = {TOWN: "towns", PLATFORM: "platforms", LINE: "control_lines", INDUSTRY: "industries"}


@dataclass(frozen=True, slots=True)
class Figures:
    """Money in the order of RETURNED and indicators in theirs, as far as they are told: None = unknown or not told."""

    money: tuple[float | None, ...]
    ratios: tuple[float | None, ...]
    hidden: frozenset[str]  # codes of money and indicators that there are, but aren't told


@dataclass(frozen=True, slots=True)
class YearOf:
    """An area in a year. `places`: for each indicator its place and among how many, None where it isn't ranked."""

    year: int
    parcels: int | None  # an industry has no ground of its own, only its firms'
    parcels_mu: float | None
    firms: int
    land_mu: float | None
    evaluated_mu: float | None
    own: Figures
    county: Figures
    places: tuple[tuple[int, int] | None, ...]
    grades: tuple[Part, ...]
    classes: tuple[Part, ...]
    missing: tuple[str, ...]
    basis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AreaSheet:
    """The years side by side, None where the area isn't there in one. `cleared`: land and money by grade are told.

    `grades`: what there is of grades in any of the years, also those that no firm of the area has.
    """

    kind: str
    code: str
    name: str
    years: tuple[int, ...]
    found: tuple[YearOf | None, ...]
    cleared: bool
    grades: tuple[str, ...] = ()
    platform_type: str = ""

    @property
    def title(self) -> str:
        what = f"工业用地控制线（{self.name}）" if self.kind == LEVEL else self.name
        return f"{what}亩均评价情况表"


@dataclass(frozen=True, slots=True)
class _Asked:
    county: County
    actor: Actor
    kind: str
    code: str
    cleared: bool
    graded: dict[int, Graded]


@dataclass(frozen=True, slots=True)
class _Told:
    own: Figures
    county: Figures
    places: tuple[tuple[int, int] | None, ...]
    land_mu: float | None
    evaluated_mu: float | None


def area_sheet(county: County, actor: Actor, *, kind: str, code: str, years: Sequence[int] = ()) -> AreaSheet:
    """The sheet of a town, an industry, a platform, a line or level, a parcel, or the county."""
    actor.require(VIEW_MAP)
    if kind not in KINDS or kind == DRAWN:
        raise InputError(
            "kind_unknown", f"没有“{kind}”这类范围。", f"可用的有：{'、'.join(KINDS)}。", field="kind"
        )
    _require_kind(actor, kind, code)
    wanted, grounds = _grounds(county, years)
    names = [_name(county, ground, kind, code) for ground in grounds]
    if not any(names):
        raise NotFound(f"没有{KINDS[kind]}“{code}”。", remedy="请从列表或地图中选择。")
    if kind == PARCEL:
        _require_own(actor, grounds, code)

    def share(ground: Ground) -> Floats | None:
        return share_of(ground, kind, code)

    name = next(name for name in reversed(names) if name)
    sheet = _sheet(county, actor, kind, code, name, wanted, grounds, share)
    if kind != PLATFORM:
        return sheet
    return replace(sheet, platform_type=platform_types(county, last_day(wanted[-1])).get(code, ""))


def drawn_sheet(
    county: County, actor: Actor, geom_4490: shapely.Geometry, *, years: Sequence[int] = (), name: str = ""
) -> AreaSheet:
    """The sheet of a polygon (EPSG:4490): the parcels of the actor's territory by their share inside."""
    actor.require(VIEW_MAP)
    wanted, grounds = _grounds(county, years)

    def share(ground: Ground) -> Floats | None:
        ids, _, inside = parcels_under(actor, geom_4490, ground.year)
        found = np.zeros(len(ground.parcel_id))
        place = np.searchsorted(ground.parcel_id, ids)
        known = place < len(ground.parcel_id)
        known[known] = ground.parcel_id[place[known]] == ids[known]
        found[place[known]] = inside[known]
        return found

    return _sheet(county, actor, DRAWN, "", name or KINDS[DRAWN], wanted, grounds, share)


def choices(county: County, actor: Actor) -> list[tuple[str, list[tuple[str, str]]]]:
    """Kind → the areas of the newest year that the actor may ask for, as code and name; parcels are asked for by code."""
    actor.require(VIEW_MAP)
    if actor.town_codes is not None:
        names = county.towns.filter(code__in=actor.town_codes).values_list("code", "name")
        return [(TOWN, list(names.order_by("code")))]
    _, grounds = _grounds(county, ())
    newest = grounds[-1]
    made: list[tuple[str, list[tuple[str, str]]]] = [(COUNTY, [("", county.name)])]
    for kind in (TOWN, PLATFORM, LINE, LEVEL):
        listed = newest.listed[kind]
        if any(listed.codes):
            made.append((kind, list(zip(listed.codes, listed.names, strict=True))))
    return [*made, (INDUSTRY, [(name, name) for name in newest.industries])]


def _grounds(county: County, years: Sequence[int]) -> tuple[tuple[int, ...], list[Ground]]:
    computed = years_computed(county)
    if not computed:
        raise Conflict("亩均指标还没有计算。", remedy="请先由亩均评价专管员计算年度指标。")
    wanted = beside_each_other(years) or tuple(computed[-MOST_YEARS:])
    missing = [year for year in wanted if year not in computed]
    if missing:
        raise NotFound(f"{missing[0]} 年的亩均指标还没有计算。", remedy="请选择已计算的年度。")
    return wanted, [ground_of(county, year) for year in wanted]


def _require_kind(actor: Actor, kind: str, code: str) -> None:
    if kind == PARCEL and not actor.may(VIEW_FIRM_FIGURES):
        raise Forbidden(
            "逐宗的指标等于企业的数据，本账号无权查看。", remedy="请按镇街、平台或控制线查看汇总。"
        )
    if actor.town_codes is None or kind == PARCEL:
        return
    if kind != TOWN or code not in actor.town_codes:
        raise Forbidden("这张表含有其他镇街的数据，本账号无权查看。", remedy="请查看本镇街的情况表。")


def _require_own(actor: Actor, grounds: Sequence[Ground], code: str) -> None:
    towns = {town for g in grounds for town in g.parcel_town[g.parcel_code == code].tolist()}
    if actor.town_codes is not None and not towns <= set(actor.town_codes):
        raise Forbidden("该宗地不在您的管辖范围内。", remedy="请查看本镇街的宗地。")


def _name(county: County, ground: Ground, kind: str, code: str) -> str:
    if kind == COUNTY:
        return "" if code else county.name
    if kind == PARCEL:
        return f"宗地 {code}" if (ground.parcel_code == code).any() else ""
    if kind == INDUSTRY:
        return code if code in ground.industries else ""
    listed = ground.listed[kind]
    return listed.names[listed.codes.index(code)] or code if code in listed.codes else ""


def _sheet(
    county: County,
    actor: Actor,
    kind: str,
    code: str,
    name: str,
    years: tuple[int, ...],
    grounds: Sequence[Ground],
    share: Callable[[Ground], Floats | None],
) -> AreaSheet:
    cleared = actor.may(VIEW_FIRM_FIGURES)
    asked = _Asked(county, actor, kind, code, cleared, grades_of(county, actor, years))
    found = []
    for ground, run in zip(grounds, runs_of(county, years), strict=True):
        inside = share(ground)
        found.append(None if inside is None else _year(asked, ground, run, inside))
    names = [asked.graded[year].by_grade(()).names for year in reversed(years)]
    order = tuple(dict.fromkeys(name for some in names for name in some))
    return AreaSheet(kind, code, name, years, tuple(found), cleared, order)


def _year(asked: _Asked, ground: Ground, run: IndicatorRun | None, share: Floats) -> YearOf:
    whole = asked.kind == INDUSTRY
    land = land_in(ground, share) if asked.kind == DRAWN else land_of(ground, asked.kind, asked.code, share)
    here = fallen(ground.firms, land)
    county_wide = asked.actor.town_codes is None
    graded = asked.graded[ground.year]

    def parts(labels: Labels) -> tuple[Part, ...]:
        if not graded.told:  # no result may be seen: that isn't the same as nobody evaluated
            return ()
        return _parts(asked, by_label(ground.firms, land, labels.of_firm, labels.names))

    if asked.cleared:
        own = _known(here)
        county = _known(fallen(ground.firms, ground.firms.land_m2)) if county_wide else NOTHING
        codes, values = peers(ground, asked.kind)
        scaled = (values * [one.factor for one in INDICATORS]).T.tolist()
        table = [[None if math.isnan(value) else value for value in column] for column in scaled]
        places = _places(codes, table, asked.code) if county_wide else UNRANKED
        land_mu: float | None = here.land_mu
        evaluated_mu: float | None = here.evaluated_mu
    else:
        held = _told(asked, run)
        own, county, places = held.own, held.county, held.places
        land_mu, evaluated_mu = held.land_mu, held.evaluated_mu
    return YearOf(
        ground.year,
        None if whole else int((share > 0).sum()),
        None if whole else float(m2_to_mu_array((ground.parcel_m2 * share).sum())),
        here.firms,
        land_mu,
        evaluated_mu,
        own,
        county,
        places,
        parts(graded.by_grade(ground.uscc)),
        parts(graded.by_class(ground.uscc)),
        tuple(
            f"{one.title}：{'；'.join(words)}"
            for one in INDICATORS
            if (asked.cleared or asked.kind in LISTS) and (words := missing_words(here.missing, one))
        ),
        _basis(asked, ground, run),
    )


NOTHING = Figures((None,) * len(RETURNED), (None,) * len(INDICATORS), frozenset())
HIDDEN = Figures(NOTHING.money, NOTHING.ratios, frozenset((*RETURNED, *(one.code for one in INDICATORS))))
UNRANKED: tuple[tuple[int, int] | None, ...] = (None,) * len(INDICATORS)


def _known(here: Fallen) -> Figures:
    money = tuple(value if known else None for value, known in zip(here.money, here.known, strict=True))
    ratios = tuple(
        None if ratio.value is None else ratio.value * one.factor
        for one, ratio in zip(INDICATORS, here.ratios, strict=True)
    )
    return Figures(money, ratios, frozenset())


def _parts(asked: _Asked, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Those with firms; for whoever isn't cleared how many, and nothing else."""
    there = tuple(part for part in parts if part.firms)
    if asked.cleared:
        return there
    return tuple(Part(part.key, part.firms, math.nan, ()) for part in there)


def _told(asked: _Asked, run: IndicatorRun | None) -> _Told:
    """What the year's tables tell of the area and of the county, and the area's places among the values that are told."""
    if run is None or asked.kind in (DRAWN, LEVEL):
        return _Told(HIDDEN, NOTHING, UNRANKED, None, None)
    document = told(asked.county, asked.actor, run)
    whole = document["county"]
    cells = (
        {cell["code"]: cell for cell in document[LISTS[asked.kind]]} if asked.kind in LISTS else {"": whole}
    )
    outside = {TOWN: document["unallocated"]["outside_towns"], PLATFORM: document["outside_platforms"]}
    mine = cells.get(asked.code) if asked.code else outside.get(asked.kind, whole)
    if mine is None:  # an area that the computation didn't know yet
        return _Told(HIDDEN, NOTHING, UNRANKED, None, None)
    county_wide = asked.actor.town_codes is None
    table = [list(column) for column in zip(*(_of_cell(cell).ratios for cell in cells.values()), strict=True)]
    return _Told(
        _of_cell(mine),
        _of_cell(whole) if county_wide else NOTHING,
        _places(tuple(cells), table, asked.code) if county_wide else UNRANKED,
        mine[OCCUPIED],
        mine[LAND],
    )


def _of_cell(cell: dict[str, Any]) -> Figures:
    """A cell of a year's document as it is told; a figure that is left out of it is hidden."""
    ratios = [cell["indicators"].get(one.code) for one in INDICATORS]
    hidden = {one.code for one, ratio in zip(INDICATORS, ratios, strict=True) if ratio is None}
    return Figures(
        tuple(cell[name] for name in RETURNED),
        tuple(
            None if ratio is None or ratio["value"] is None else round(ratio["value"] * one.factor, 2)
            for one, ratio in zip(INDICATORS, ratios, strict=True)
        ),
        frozenset(hidden | {name for name in RETURNED if cell[name] is None}),
    )


def _places(
    codes: Sequence[str], table: Sequence[Sequence[float | None]], code: str
) -> tuple[tuple[int, int] | None, ...]:
    """The area's place for each indicator among its like, and how many have one."""
    if not code or code not in codes or not table:
        return UNRANKED
    at = codes.index(code)
    made: list[tuple[int, int] | None] = []
    for column in table:
        places = ranked(column)
        place = places[at]
        made.append(None if place is None else (place, sum(value is not None for value in places)))
    return tuple(made)


def _basis(asked: _Asked, ground: Ground, run: IndicatorRun | None) -> tuple[str, ...]:
    lines = [f"企业用地：{ground.on} 的用地记录，按宗地落在范围内的份额计入；数据校验码 {ground.sha256[:16]}"]
    if asked.kind in ground.listed:
        lines.append(f"{KINDS[asked.kind]}：{ground.listed[asked.kind].on} 的版本")
    if run is not None:
        lines.append(f"亩均指标：{run.computed_at:%Y-%m-%d} 计算，{run.rule_version}")
        if run.inputs_sha256 != ground.sha256:
            lines.append(
                "数据在亩均指标计算之后有变化：用地和档次按现有数据；汇总表仍为原计算，请重新计算该年度指标"
            )
    graded = asked.graded[ground.year].told
    lines += [f"评价结果：{one}" for one in graded] or ["评价结果：没有可以查看的评价结果"]
    return tuple(lines)

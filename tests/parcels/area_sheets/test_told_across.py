"""Everything that a person who isn't cleared can see of a year over HTTP, taken together and attacked by linear algebra.

Each told number is an equation over the firms whose weights the attacker knows (who uses which land, in which town, of which
grade). None of them together may settle a firm's figure, or one made of two firms' alone, or hold one within a narrow range.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from django.test import Client
from numpy.typing import NDArray

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.columns import read_rows
from layers.districts.models import District
from parcels.evaluation.actions import compute_indicators
from parcels.evaluation.rules import FIGURES, INDICATORS, RETURNED
from parcels.grading import tables
from parcels.grading.actions import check_run, publish_notice
from parcels.grading.fact_actions import enter_fact
from parcels.grading.facts import StatedFact
from parcels.grading.models import GradingRun
from parcels.grading.tables import DIMENSIONS
from tests import factories
from tests.factories import TOWN_EAST, TOWN_WEST, SignIn, box, writing
from tests.parcels.grading.running import DAY, YEAR, draft, published, second
from tests.parcels.yearly.test_runs import rows_of

Floats = NDArray[np.float64]
FIRMS, LANDLESS = 36, 2
INDUSTRIES = ("纺织", "电子", "食品")
WEST, EAST, PLATFORM = (0.0, 17.3), (17.3, 35.6), (3.5, 30.4)
LINES = {"L1": (0.0, 9.4), "L2": (9.4, 21.0), "L3": (20.7, 40.0)}
NARROW = 0.05  # of the figure: a range that is smaller is as good as the figure
ATTACKED = ("tax_wan", "value_added_wan", "employees")


@dataclass
class World:
    """The county as whoever looks at its land and its lists knows it, and the figures that are to be kept."""

    strips: list[tuple[float, float]] = field(default_factory=list)
    land: list[float] = field(default_factory=list)
    town: list[str] = field(default_factory=list)
    industry: list[str] = field(default_factory=list)
    uscc: list[str] = field(default_factory=list)
    figures: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in RETURNED})

    def inside(self, strip: tuple[float, float]) -> Floats:
        """Each firm's share of land between two meridians."""
        cut = [
            max(0.0, min(e, strip[1]) - max(w, strip[0])) / (e - w) if e > w else 0.0 for w, e in self.strips
        ]
        return np.array(cut)

    def knows(self, *names: str) -> Floats:
        known = np.array([self.figures[name] for name in names if name in RETURNED])
        every: Floats = (~np.isnan(known)).all(axis=0).astype(np.float64)
        return every


@pytest.fixture
def officer(cast: dict[str, Actor]) -> Actor:
    return cast["evaluation_officer"]


@pytest.fixture
def world(county: County, officer: Actor) -> World:
    """36 firms with land, some across boundaries, two without; two published results that differ in one firm's grade."""
    made, draws = World(), np.random.default_rng(3)
    factories.district(county, TOWN_WEST, "甲镇", box(WEST[0], 0, WEST[1], 10))
    factories.district(county, TOWN_EAST, "乙镇", box(EAST[0], 0, EAST[1], 10))
    platform = factories.district(county, "PT1", "平台", box(PLATFORM[0], 0, PLATFORM[1], 10))
    with writing(county):
        District.objects.filter(pk=platform.pk).update(kind=District.PLATFORM)
    for code, (west, east) in LINES.items():
        factories.control_line(county, code, box(west, 0, east, 10))
    for n in range(FIRMS + LANDLESS):
        town = TOWN_WEST if n < 17 or n >= FIRMS else TOWN_EAST
        industry = INDUSTRIES[n % 3] if n != 20 else "医药"
        uscc = f"91330782{n:010d}"
        firm = factories.enterprise(
            county, uscc, f"企业{n}", above_scale=True, industry_group=industry, town_code=town
        )
        area = float(draws.integers(5_000, 9_000))
        strip = (float(n), n + 1.0) if n < FIRMS else (0.0, 0.0)
        if n < FIRMS:
            parcel = factories.parcel(
                county,
                f"P{n:02d}",
                box(strip[0], 1, strip[1], 2),
                registered_area_m2=Decimal(area),
                town_code=town,
            )
            factories.occupancy(parcel, firm)
        told = {
            "tax_wan": float(draws.integers(50, 400)),
            "value_added_wan": float(draws.integers(300, 2_000)) if n not in (3, 18) else None,
            "employees": float(draws.integers(10, 300)) if n not in (5, 18, 30) else None,
        }
        factories.annual_return(firm, YEAR, **told)
        made.strips.append(strip)
        made.land.append(area * 15 / 10_000 if n < FIRMS else 0.0)
        made.town.append(town)
        made.industry.append(industry)
        made.uscc.append(uscc)
        for name in RETURNED:
            value = told.get(name)
            made.figures[name].append(np.nan if value is None else value)
    compute_indicators(county=county, actor=officer, year=YEAR, reason="计算", commit=True)
    published(county, officer)
    worse = StatedFact(made.uscc[7], "veto", "idle_land", "文号")
    enter_fact(county=county, actor=officer, year=YEAR, stated=worse, reason="登记")
    run = draft(county, officer)
    check_run(county=county, actor=second(officer), run_id=run.pk, on=DAY, reason="复核")
    publish_notice(county=county, actor=officer, run_id=run.pk, on=DAY, reason="公示")
    return made


class Attack:
    """The equations over the firms' values of one figure; every one is checked to be true of them."""

    def __init__(self, world: World, figure: str) -> None:
        self.world, self.figure = world, figure
        self.truth = np.nan_to_num(np.array(world.figures[figure]))
        self.rows: list[Floats] = []

    def told(self, weights: Floats, value: float, *, near: float = 1e-6) -> None:
        row = weights * self.world.knows(self.figure)
        if row.any():
            assert row @ self.truth == pytest.approx(value, rel=near, abs=0.01), (
                "the attacker's own arithmetic"
            )
            self.rows.append(row)

    def settled(self) -> list[tuple[int, ...]]:
        """Every one or two firms on whose figures alone some combination of the equations stands."""
        sums = np.array(self.rows)
        _, values, back = np.linalg.svd(sums / np.linalg.norm(sums, axis=1)[:, None])
        basis = back[: int((values > 1e-9 * values[0]).sum())]
        left = np.eye(sums.shape[1]) - basis.T @ basis
        some = np.flatnonzero(np.abs(sums).sum(axis=0) > 0).tolist()
        found: list[tuple[int, ...]] = [(i,) for i in some if left[i, i] < 1e-9]
        for i, j in combinations([i for i in some if left[i, i] >= 1e-9], 2):
            if left[i, j] ** 2 > (1 - 1e-9) * left[i, i] * left[j, j]:
                found.append((i, j))
        return found

    def ranges(self) -> tuple[Floats, Floats]:
        """How far each figure is held by figures being no less than 0: bounds passed on from equation to equation."""
        sums = np.array(self.rows)
        # What is told less what lies wholly inside it is told too.
        inner = [a - b for a in sums for b in sums if a is not b and (a - b >= -1e-9).all() and (a > b).any()]
        sums = np.vstack([sums, *inner]) if inner else sums
        value = sums @ self.truth
        low, high = np.zeros(sums.shape[1]), np.full(sums.shape[1], 10 * self.truth.sum())
        for _ in range(30):
            most, least = sums @ high, sums @ low
            for row, total, above, below in zip(sums, value, most, least, strict=True):
                at = np.flatnonzero(row > 1e-9)
                high[at] = np.minimum(high[at], (total - (below - row[at] * low[at])) / row[at] + 1e-9)
                low[at] = np.maximum(low[at], (total - (above - row[at] * high[at])) / row[at] - 1e-9)
        return low, high


def areas_of(world: World) -> Iterator[tuple[str, str, str, Floats]]:
    """Kind, code, name and weights of every area whose sums are told."""
    has_land = np.array(world.land) > 0
    whole = has_land.astype(np.float64)
    west, east, inside = (world.inside(strip) for strip in (WEST, EAST, PLATFORM))
    yield "county", "", "", whole
    yield "town", TOWN_WEST, "甲镇", west
    yield "town", TOWN_EAST, "乙镇", east
    yield "town", "", "镇街界线以外", whole - west - east
    yield "platform", "PT1", "平台", inside
    yield "platform", "", "平台以外", whole - inside
    for code, strip in LINES.items():
        yield "control_line", code, code, world.inside(strip)
    for name in sorted(set(world.industry)):
        yield "industry", name, name, whole * (np.array(world.industry) == name)


def of_areas(client: Client, world: World, attack: Attack) -> None:
    """Workbooks of the indicators by area, the maps' own address, and the sheets of areas with their money."""
    figure, land = attack.figure, np.array(world.land)
    at = RETURNED.index(figure)
    tables_of: dict[str, dict[str, list[Any]]] = {}
    for kind, code, name, weights in areas_of(world):
        if kind not in tables_of:
            rows = rows_of(client.get("/evaluation/tables/areas.xlsx", {"year": str(YEAR), "scope": kind}))
            tables_of[kind] = {row[0]: row for row in rows}
        row = tables_of[kind].get(name) or (
            tables_of[kind][next(reversed(tables_of[kind]))] if kind == "county" else None
        )
        if row is None:
            continue
        for n, one in enumerate(INDICATORS):
            ratio = row[3 + n]
            if ratio == "" or figure not in (one.numerator, one.denominator):
                continue
            both = world.knows(one.numerator, one.denominator)
            other = {one.numerator, one.denominator} - {figure}
            beside = np.array(
                [land if name == "land_mu" else np.nan_to_num(world.figures[name]) for name in other]
            )[0]
            known = float((weights * both) @ beside)  # the other side of the fraction is taken as known
            value = ratio / one.factor * known if figure == one.numerator else known * one.factor / ratio
            attack.told(weights * both, value)
        sheet = client.get("/evaluation/areas/sheet.xlsx", {"area": f"{kind}:{code}"})
        money = rows_of(sheet, 1)[3 + at]
        assert money[0] == FIGURES[figure].title
        if money[2] != "":
            attack.told(weights, money[2])
        if money[3] != "":
            attack.told(weights, money[3] / 100 * attack.truth[land > 0].sum(), near=1e-6)


def of_results(client: Client, world: World, attack: Attack) -> None:
    """Every cross table of every result that may be chosen."""
    towns = {"甲镇": TOWN_WEST, "乙镇": TOWN_EAST}
    for run in GradingRun.objects.filter(year=YEAR):
        scores = {
            uscc: (grade, group)
            for uscc, grade, group in read_rows(
                "SELECT s.uscc, s.grade, s.class_name FROM grading_score s JOIN grading_result r ON r.id = s.result_id"
                " JOIN grading_input i ON i.id = r.input_id WHERE i.run_id = %(run)s",
                {"run": run.pk},
            )
        }
        labels: dict[str, list[str]] = {
            "town": world.town,
            "industry": world.industry,
            "grade": [scores[uscc][0] for uscc in world.uscc],
            "class": [scores[uscc][1] for uscc in world.uscc],
        }
        for one, other in combinations(DIMENSIONS, 2):
            asked = {"run": str(run.pk), "rows": one, "columns": other, "figure": attack.figure}
            rows = rows_of(client.get("/evaluation/tables/cross.xlsx", asked))
            heads = rows[2][1:]

            def member(dimension: str, name: str, labels: dict[str, list[str]] = labels) -> Floats:
                if name == "合计":
                    return np.ones(len(world.uscc))
                code = towns.get(name, "" if name in ("未定档", "未注明", "未注明镇街") else name)
                return np.array([float(label == code) for label in labels[dimension]])

            for row in rows[3 : 3 + len(set(labels[one])) + 2]:
                for head, value in zip(heads, row[1:], strict=True):
                    if value != "" and isinstance(value, float):
                        attack.told(member(one, str(row[0])) * member(other, str(head)), value)
                if row[0] == "合计":
                    break


def of_plots(client: Client, world: World, attack: Attack) -> None:
    """The curve of tax over land in tenths: its steps times the county's tax, which is told."""
    answer = client.get("/api/evaluation/plots/lorenz", {"year": YEAR}).json()
    tax, land = (np.nan_to_num(np.array(values)) for values in (world.figures["tax_wan"], world.land))
    landed = np.flatnonzero(land > 0)
    steps = np.array_split(landed[np.argsort(tax[landed] / land[landed], kind="stable")], 10)
    for curve in answer["curves"]:
        shares = np.diff(np.array(curve["amount"]))
        assert len(shares) == len(steps)
        for step, share in zip(steps, shares, strict=True):
            row = np.zeros(len(tax))
            row[step] = 1.0
            attack.told(row, share * tax[landed].sum())


def collected(client: Client, world: World, figure: str) -> Attack:
    attack = Attack(world, figure)
    of_areas(client, world, attack)
    of_results(client, world, attack)
    if figure == "tax_wan":
        of_plots(client, world, attack)
    return attack


def test_nothing_that_is_told_across_the_rooms_gives_a_firm_away(world: World, signed_in: SignIn) -> None:
    client = signed_in("registrar")
    for figure in ATTACKED:
        attack = collected(client, world, figure)
        assert len(attack.rows) > 10, "something is told"
        assert attack.settled() == []
        low, high = attack.ranges()
        there = attack.truth > 0
        assert ((high - low)[there] > NARROW * attack.truth[there]).all()


def test_each_room_by_itself_would_give_firms_away(
    world: World, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The attack is able: without the look at what other rooms tell it finds somebody."""
    monkeypatch.setattr(tables, "told_of_year", lambda county, year: None)
    monkeypatch.setattr(tables, "published_results", lambda county, year: [])
    tables._shown_together.cache_clear()
    assert collected(signed_in("registrar"), world, "tax_wan").settled()
    tables._shown_together.cache_clear()


def test_polygons_that_differ_by_one_firm_tell_nothing(world: World, signed_in: SignIn) -> None:
    """Whatever is drawn, whoever isn't cleared gets no number but parcels, their land and counts of firms."""
    for role in ("registrar", "idle_land_officer", "township_officer"):
        client = signed_in(role)
        for east in (10.0, 11.0, 11.001):
            drawn = json.loads(box(0, 0, east, 10).geojson)
            found = client.post(
                "/api/indicators/polygon", {"geometry": drawn, "year": YEAR}, content_type="application/json"
            ).json()
            assert all(one["value"] is None and one["numerator"] is None for one in found["indicators"])
            book = client.post("/evaluation/areas/drawn/sheet.xlsx", {"geometry": json.dumps(drawn)})
            for sheet in (1, 2):
                assert {cell for row in rows_of(book, sheet)[3:] for cell in row[2:]} == {""}
            assert [row[2] for row in rows_of(book)[6:8]] == ["", ""]
            for sheet in (3, 4):
                assert all(float(row[1]).is_integer() for row in rows_of(book, sheet)[3:])
    assert world.land

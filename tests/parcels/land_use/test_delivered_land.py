"""Land of firms on a real county's kind of layer: a quarter of the parcels is recorded 5 to 15 % off what is drawn.

It refuses to ask the system what is right: who has how much is worked out beside each use that is entered.
"""

import math
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from pyproj import Transformer

from landgis.access.queries import Actor, command_actor
from landgis.counties.models import County
from layers.districts.models import District
from parcels.cadastre.models import Parcel
from parcels.enterprises.models import AnnualReturn, Enterprise, Occupancy
from parcels.evaluation.actions import compute_indicators
from parcels.evaluation.rules import CODES, LAND, RETURNED
from parcels.exchange.layer_import import import_layer
from parcels.exchange.parcel_import import import_parcels
from parcels.land_use.checks import problems
from parcels.land_use.land import land_of_year
from tests import factories
from tests.demo.delivery import FOLDER, layer

YEAR, BEGUN = 2024, date(2021, 1, 1)
PARCELS, FIRMS = 200, 150
TO_SURVEY = Transformer.from_crs(4490, 4549, always_xy=True)
SURE_M2 = 0.1  # a geodesic area is rounded at some hundredths of a ㎡, however small the shape
INDUSTRIES = ["纺织服装", "日用品", "机械电子", ""]
M2_PER_MU = 10_000 / 15

pytestmark = pytest.mark.django_db


@dataclass(slots=True)
class Made:
    """The county with its uses: ㎡ by (firm, parcel code) as it must come out, and which parcels don't fit."""

    county: County
    actor: Actor
    land_m2: dict[str, float]
    net_m2: dict[tuple[int, str], float] = field(default_factory=lambda: defaultdict(float))
    over: set[str] = field(default_factory=set)
    under: set[str] = field(default_factory=set)
    drawn: set[str] = field(default_factory=set)  # parcels whose uses are shapes
    uses: list[Occupancy] = field(default_factory=list)

    def used(self, code: str) -> float:
        return math.fsum(net for (_, parcel), net in self.net_m2.items() if parcel == code)


@pytest.fixture
def made(yiwu: County, tmp_path: Path) -> Made:
    rng = np.random.default_rng(330782)
    actor = command_actor("system", yiwu)
    recorded, scale = _delivered(tmp_path / "p.gpkg", rng)
    given: dict[str, Any] = {"county": yiwu, "actor": actor, "on": BEGUN, "commit": True, "reason": "入库"}
    read = import_parcels(file=tmp_path / "p.gpkg", **given)
    assert (read.accepted, read.rejected) == (PARCELS, 0)
    import_layer(collection="control-lines", file=FOLDER / "control_lines.shp", **given)
    made = Made(yiwu, actor, recorded)
    with factories.writing(yiwu):
        firms = Enterprise.objects.bulk_create(
            Enterprise(
                county=yiwu, uscc=f"91330782{n:010d}", name=f"示意{n}", industry_group=INDUSTRIES[n % 4]
            )
            for n in range(FIRMS)
        )
        returned = {firm.pk for n, firm in enumerate(firms) if n % 3}
        AnnualReturn.objects.bulk_create(_return(yiwu, firm, n) for n, firm in enumerate(firms) if n % 3)
        for n, parcel in enumerate(Parcel.objects.filter(county=yiwu).order_by("code")):
            here = [firms[at] for at in rng.choice(FIRMS, 3, replace=False)]
            _use(Entering(made, parcel, returned), here, KINDS[n % len(KINDS)], scale[parcel.code])
        Occupancy.objects.bulk_create(made.uses)
    return made


KINDS = ("whole", "shares", "areas", "shapes", "let", "drawn", "too much", "too little")


def test_the_land_of_firms_is_what_is_occupied_parcel_by_parcel(made: Made) -> None:
    land = land_of_year(made.county, YEAR)
    found: dict[tuple[int, str], float] = defaultdict(float)
    for firm, code, net in zip(
        land.enterprise_id.tolist(), land.parcel_code, land.net_m2.tolist(), strict=True
    ):
        found[firm, code] += net
    assert {key for key, net in found.items() if net > 0} == {k for k, net in made.net_m2.items() if net > 0}
    for key, net in made.net_m2.items():
        sure = SURE_M2 if key[1] in made.drawn else 1e-9
        assert found[key] == pytest.approx(net, rel=1e-9, abs=sure), key
    for code in made.land_m2:
        total = math.fsum(net for (_, parcel), net in found.items() if parcel == code)
        assert total == pytest.approx(made.used(code), rel=1e-9, abs=SURE_M2 if code in made.drawn else 0), (
            code
        )


def test_exactly_the_parcels_that_do_not_fit_are_listed(made: Made) -> None:
    told = problems(made.county, made.actor, YEAR)
    assert {problem.parcel_code for problem in told if problem.kind == "over"} == made.over
    assert {problem.parcel_code for problem in told if problem.kind == "under"} == made.under
    assert len(told) == len(made.over) + len(made.under)
    assert min(len(made.over), len(made.under)) > PARCELS / len(KINDS)
    for problem in told:
        off = abs(made.used(problem.parcel_code) - made.land_m2[problem.parcel_code])
        assert problem.amount_m2 == pytest.approx(off, rel=1e-6)


def test_land_and_money_add_up_over_towns_platforms_and_industries_and_lie_in_their_lines(made: Made) -> None:
    west, south, east, north = made.county.bbox_4490
    middle = (west + east) / 2
    for code, edges in (
        ("P-西", (west, middle + 0.03)),
        ("P-东", (middle - 0.03, east - 0.1)),
    ):  # they overlap
        ground = shapely.MultiPolygon([shapely.box(edges[0], south, edges[1], north)])
        platform = factories.district(made.county, code, code, _geos(ground))
        with factories.writing(made.county):
            District.objects.filter(pk=platform.pk).update(kind=District.PLATFORM)
    said = compute_indicators(
        county=made.county, actor=made.actor, year=YEAR, reason="测试", commit=False
    ).document
    assert said["towns_by"] == "geometry"
    county = said["county"]
    occupied_mu = math.fsum(made.net_m2.values()) / M2_PER_MU
    assert county["land_occupied_mu"] == pytest.approx(occupied_mu, rel=1e-7)  # by shapes, see SURE_M2
    land_mu = math.fsum(land_of_year(made.county, YEAR).net_m2.tolist()) / M2_PER_MU
    assert county["land_occupied_mu"] == pytest.approx(land_mu, rel=1e-9)
    partitions = {
        "towns": [*said["towns"], said["unallocated"]["outside_towns"]],
        "platforms": [*said["platforms"], said["outside_platforms"]],
        "industries": said["industries"],
    }
    for name, areas in partitions.items():
        for figure in (LAND, *RETURNED, "land_occupied_mu"):
            parts = math.fsum(area[figure] for area in areas)
            assert parts == pytest.approx(county[figure], rel=1e-9), (name, figure)
        for code in CODES:
            for side in ("numerator", "denominator"):
                parts = math.fsum(area["indicators"][code][side] or 0.0 for area in areas)
                assert parts == pytest.approx(county["indicators"][code][side] or 0.0, rel=1e-9), (name, code)
    lines = {line["code"]: line["land_occupied_mu"] for line in said["control_lines"]}
    # Lines are no partition: each is held against an overlay of the delivered files in their own plane.
    assert lines == pytest.approx(_in_lines(made), rel=5e-6, abs=1e-6)


def _delivered(file: Path, rng: np.random.Generator) -> tuple[dict[str, float], dict[str, float]]:
    """A part of the delivered parcels with areas recorded anew: ㎡ by code, and how far off what is drawn they are."""
    shapes, table = layer("parcels")
    drawn = shapely.area(shapes)
    chosen = np.sort(rng.choice(len(shapes), PARCELS, replace=False))
    scale = np.ones(PARCELS)
    off = rng.choice(PARCELS, PARCELS // 4, replace=False)
    scale[off] += rng.uniform(0.05, 0.15, len(off)) * rng.choice([-1, 1], len(off))
    recorded = np.round(drawn[chosen] * scale, 2)
    columns = {name: table[name][chosen] for name in ("宗地代码", "权利人", "坐落", "地类编码")}
    rows = gpd.GeoDataFrame({**columns, "宗地面积": recorded}, geometry=shapes[chosen], crs=4528)
    rows.to_file(file)
    codes = [str(code) for code in columns["宗地代码"]]
    return dict(zip(codes, recorded.tolist(), strict=True)), dict(zip(codes, scale.tolist(), strict=True))


def _return(county: County, firm: Enterprise, n: int) -> AnnualReturn:
    return AnnualReturn(
        county=county, enterprise=firm, year=YEAR, tax_wan=Decimal("10.01") * (n + 1), employees=7 + n,
        value_added_wan=None if n % 5 == 0 else Decimal("33.3") * (n + 2), energy_tce=Decimal("1.7") * n,
    )  # fmt: skip


@dataclass(slots=True)
class Entering:
    """Enters the uses of one parcel, and beside each what it must come to."""

    made: Made
    parcel: Parcel
    returned: set[int]

    def use(self, firm: Enterprise, net_m2: float, role: str = "owned", **measure: Any) -> None:
        county = self.made.county
        self.made.uses.append(
            Occupancy(
                county=county, parcel=self.parcel, enterprise=firm, role=role, valid_from=BEGUN, **measure
            )
        )
        self.made.net_m2[firm.pk, self.parcel.code] += net_m2

    def by_share(self, firm: Enterprise, share: str) -> None:
        self.use(firm, float(share) * self.made.land_m2[self.parcel.code], share=Decimal(share))

    def by_area(self, firm: Enterprise, area_m2: float, role: str = "owned", **more: Any) -> float:
        area = round(Decimal(area_m2), 4)
        self.use(firm, float(area), role, area_m2=area, **more)
        return float(area)

    def let(self, lessor: Enterprise, tenant: Enterprise, area_m2: float) -> None:
        """A tenant with figures is evaluated itself, any other with its landlord, who has the ground already."""
        area = self.by_area(tenant, area_m2, "leased_in", lessor=lessor)
        gives_up = lessor if tenant.pk in self.returned else tenant
        self.made.net_m2[gives_up.pk, self.parcel.code] -= area


def _use(entering: Entering, firms: list[Enterprise], kind: str, scale: float) -> None:
    made, parcel = entering.made, entering.parcel
    land, drawn, (one, other, third) = made.land_m2[parcel.code], parcel.planar_area_m2, firms
    if kind == "shares":
        entering.by_share(one, "0.3")
        entering.by_share(other, "0.7")
    elif kind == "areas":
        first = entering.by_area(one, land * 0.4)
        entering.by_area(other, land - first, "unregistered")
    elif kind == "shapes":
        for firm, (piece, share) in zip((one, other), _halves(parcel), strict=True):
            entering.use(firm, share * land, geom_4490=_geos(piece))
        made.drawn.add(parcel.code)
    elif kind == "drawn":
        entering.by_area(one, drawn)
        entering.let(one, other, drawn * 0.4)
        if scale != 1:
            (made.over if scale < 1 else made.under).add(parcel.code)
    elif kind == "too little":
        entering.by_share(one, "0.98")
        made.under.add(parcel.code)
    else:
        entering.by_share(one, "1")
        if kind == "let":
            entering.let(one, other, land * 0.25)
            entering.let(one, third, land * 0.5)
        elif kind == "too much":
            entering.by_area(other, land * 0.02, "unregistered")
            made.over.add(parcel.code)


def _halves(parcel: Parcel) -> list[tuple[shapely.MultiPolygon, float]]:
    """The parcel cut along a meridian, each part with its share of the ground in the survey's plane."""
    whole = shapely.from_wkb(bytes(parcel.geom_4490.wkb))
    west, south, east, north = whole.bounds
    cut = west + 0.4 * (east - west)
    boxes = shapely.box([west, cut], south, [cut, east], north)
    pieces = [_polygons(piece) for piece in shapely.intersection(whole, boxes)]
    plane = shapely.transform(pieces, lambda xy: np.column_stack(TO_SURVEY.transform(*xy.T)))
    ground = shapely.area(plane)
    return list(zip(pieces, (ground / ground.sum()).tolist(), strict=True))


def _polygons(shape: shapely.Geometry) -> shapely.MultiPolygon:
    return shapely.MultiPolygon([part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"])


def _geos(shape: shapely.MultiPolygon) -> MultiPolygon:
    made = GEOSGeometry(memoryview(shape.wkb), srid=4490)
    assert isinstance(made, MultiPolygon)
    return made


def _in_lines(made: Made) -> dict[str, float]:
    """Occupied 亩 in each line: from the delivered files' own coordinates."""
    shapes, table = layer("parcels")
    lines, of_lines = layer("control_lines")
    used = np.array([made.used(code) if code in made.land_m2 else 0.0 for code in table["宗地代码"]])
    total = shapely.area(shapes)
    name = next(column for column in of_lines if column.startswith("控制线编"))
    return {
        str(code): float((shapely.area(shapely.intersection(shapes, line)) / total * used).sum()) / M2_PER_MU
        for code, line in zip(of_lines[name], lines, strict=True)
    }

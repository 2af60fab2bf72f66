"""The horizon's figures beside the returns: by industry, only what is collected, only to whoever may see firms' figures."""

import io
import re
from datetime import date
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County, Parameter, Target
from layers.districts.models import District
from layers.districts.queries import platform_types
from parcels.enterprises.models import AnnualReturn, Enterprise, FirmYear
from parcels.evaluation.actions import compute_indicators
from parcels.ledgers.horizon import horizon, named_districts, named_industries
from parcels.ledgers.horizon_areas import area_lines, computed, industry_lines
from tests import factories
from tests.factories import TOWN_EAST, TOWN_WEST, SignIn, box

pytestmark = pytest.mark.django_db
ROWS = [
    {
        "key": "horizon.a",
        "title": "汽车",
        "district": "绿色动力小镇",
        "actual": "revenue_yi",
        "industries": ["36"],
    },
    {
        "key": "horizon.b",
        "title": "芯片",
        "district": "芯片小镇",
        "actual": "revenue_yi",
        "industries": ["3973"],
    },
    {"key": "horizon.c", "title": "规上企业", "district": "全市", "actual": "above_scale"},
    {"key": "horizon.d", "title": "研发占比", "district": "全市", "actual": "rd_ratio"},
    {"key": "horizon.e", "title": "未来工厂", "district": "全市"},
]


@pytest.fixture
def framed(county: County) -> None:
    with factories.writing(county):
        Parameter.objects.create(
            county=county, key="campaigns.horizon", value=ROWS, basis="规划", valid_from=date(2021, 1, 1)
        )
        Target.objects.create(
            county=county, key="horizon.a", value=60, unit="亿元", basis="规划", valid_from=date(2021, 1, 1),
            valid_to=date(2025, 12, 31),
        )  # fmt: skip
    for n, (code, above, revenue, rd) in enumerate(
        (
            ("C3670", True, 20_000, 600),
            ("3670", True, 10_000, 300),
            ("3670", False, 5_000, 0),
            ("1781", True, 60_000, None),
        )
    ):
        firm = factories.enterprise(
            county, f"91330782MA{n:08}", f"示意{n}", industry_code=code, above_scale=above
        )
        for year in (2022, 2023):
            factories.annual_return(firm, year, revenue_wan=revenue * (year - 2021), rd_wan=rd)


def test_actual_figures_by_industry(county: County, cast: dict[str, Actor], framed: None) -> None:
    cars, chips, firms, research, factory = horizon(county, cast["leader"], date(2022, 12, 31))
    assert [cars.target, cars.actual, cars.year] == [60, 3, 2022]
    assert (chips.actual, chips.actual_told) == (None, "没有对应行业的企业年报")
    assert firms.actual == 3
    assert research.actual == Decimal("0.01")
    assert (factory.actual, factory.actual_told) == (None, "未采集")
    assert horizon(county, cast["leader"], date(2024, 1, 1))[0].actual == 6


def test_sums_of_firms_are_for_whoever_may_see_them(
    county: County, cast: dict[str, Actor], framed: None, signed_in: SignIn
) -> None:
    hidden = horizon(county, cast["registrar"], date(2022, 12, 31))
    assert [one.actual for one in hidden] == [None, None, 3, None, None]
    assert horizon(county, cast["township_officer"], date(2022, 12, 31)) == []
    assert "绿色动力小镇" in signed_in("leader").get("/campaigns/").content.decode()
    assert signed_in("registrar").get("/campaigns/overview.xlsx").status_code == 200


def test_a_county_without_horizon_shows_none(county: County, cast: dict[str, Actor]) -> None:
    assert horizon(county, cast["leader"], date(2022, 12, 31)) == []


def test_shares_are_shown_as_percentages_and_ratios_follow(
    county: County, cast: dict[str, Actor], framed: None
) -> None:
    with factories.writing(county):
        Target.objects.create(
            county=county, key="horizon.d", value=Decimal("0.029"), unit="", basis="规划", valid_from=date(2021, 1, 1),
            valid_to=date(2025, 12, 31),
        )  # fmt: skip
    cars, _chips, _firms, research, _factory = horizon(county, cast["leader"], date(2022, 12, 31))
    assert (cars.ratio, cars.shown[2]) == (Decimal(5), "亿元")
    assert research.shown == (Decimal("2.9"), Decimal(1), "%")
    assert _factory.ratio is None


@pytest.fixture
def districts(county: County, cast: dict[str, Actor], framed: None) -> None:
    """Four firms on land of their own: two in 甲镇 and in the drawn platform, two in 乙镇; one of them returned no tax."""
    factories.district(county, TOWN_WEST, "甲镇", box(-5, -5, 4, 5))
    factories.district(county, TOWN_EAST, "乙镇", box(4, -5, 20, 5))
    made = factories.district(county, "P1", "绿色动力小镇", box(-5, -5, 4, 5))
    with factories.writing(county):
        District.objects.filter(pk=made.pk).update(kind=District.PLATFORM, platform_type="特色小镇")
        Parameter.objects.filter(key="campaigns.horizon").update(
            value=[
                *ROWS,
                {
                    "key": "horizon.f",
                    "title": "用地面积",
                    "district": "绿色动力小镇",
                    "actual": "district_land_mu",
                },
                {
                    "key": "horizon.g",
                    "title": "亩均税收",
                    "district": "芯片小镇",
                    "actual": "district_tax_per_mu",
                },
            ]
        )
        Target.objects.create(
            county=county, key="horizon.f", value=1000, unit="亩", basis="平台规划", valid_from=date(2021, 1, 1),
            valid_to=date(2025, 12, 31),
        )  # fmt: skip
        Target.objects.create(
            county=county, key="evaluation.tax_per_mu", value=25, unit="万元/亩", basis="方案", valid_from=date(2021, 1, 1),
            valid_to=date(2023, 12, 31),
        )  # fmt: skip
    for n, firm in enumerate(Enterprise.objects.filter(county=county).order_by("uscc")):
        lot = factories.parcel(
            county, f"L{n}", box(n * 2, 0, n * 2 + 2, 2), town_code=TOWN_WEST if n < 2 else TOWN_EAST
        )
        factories.occupancy(lot, firm)
        with factories.writing(county):
            AnnualReturn.objects.filter(enterprise=firm, year=2022).update(
                tax_wan=None if n == 3 else 100 * (n + 1)
            )
    compute_indicators(county=county, actor=cast["evaluation_officer"], year=2022, reason="测试", commit=True)


def test_districts_and_industries_say_what_is_missing_and_never_zero(
    county: County, cast: dict[str, Actor], districts: None
) -> None:
    on, leader = date(2022, 12, 31), cast["leader"]
    found = computed(county, leader, on)
    lines = horizon(county, leader, on, found)
    areas = {
        (one.kind, one.name): one
        for one in area_lines(found, named_districts(lines), platform_types(county, on))
    }
    west, east, platform = areas["town", "甲镇"], areas["town", "乙镇"], areas["platform", "绿色动力小镇"]
    assert (west.firms, west.tax_wan) == (2, Decimal(300))
    assert west.land_mu == platform.land_mu
    assert [one.kind_title for one in (west, platform)] == ["镇街", "特色小镇"]
    assert west.tax_per_mu is not None
    assert west.tax_ratio == west.tax_per_mu * 4
    assert east.tax_wan == 300
    assert "税收缺 1 家" in east.missing
    assert (east.value_added_wan, east.value_added_per_mu) == (None, None)
    assert "增加值缺 2 家" in east.missing
    assert sum(one.parcels_mu or 0 for one in (west, east)) == pytest.approx(areas["county", ""].parcels_mu)
    chips = areas["named", "芯片小镇"]
    assert (chips.tax_wan, chips.land_mu) == (None, None)
    assert "未上图" in chips.missing
    assert "汽车 60 亿元，至 2025-12-31" in platform.plan
    assert "用地面积 1,000 亩" in platform.plan
    land, chip_tax = lines[-2:]
    assert (land.actual, land.year) == (platform.land_mu, 2022)
    assert land.ratio == platform.land_mu / 10 if platform.land_mu else False
    assert (chip_tax.actual, chip_tax.actual_told) == (None, "平台范围未上图")
    cars, chip, rest = industry_lines(county, leader, found, named_industries(lines))
    assert (cars.firms, cars.tax_wan, chip.missing) == (2, Decimal(300), "没有规上企业")
    assert (chip.tax_per_mu, rest.name, rest.firms, rest.missing) == (
        None,
        "其他制造业（X）",
        1,
        "税收缺 1 家；增加值缺 1 家",
    )


def test_every_table_of_the_page_has_as_many_cells_as_headings(
    county: County, districts: None, signed_in: SignIn
) -> None:
    page = signed_in("leader").get("/campaigns/horizon/?on=2022-12-31").content.decode()
    tables = re.findall(r"<table.*?</table>", page, re.DOTALL)
    assert len(tables) == 3
    for table in tables:
        heads = len(re.findall(r"<th[ >]", table))
        rows = re.findall(r"<tr.*?</tr>", table.split("<tbody>")[1], re.DOTALL)
        assert rows
        assert {len(re.findall(r"<td[ >]", row)) for row in rows} == {heads}


def test_a_platform_figure_without_a_target_has_its_unit(
    county: County, cast: dict[str, Actor], districts: None
) -> None:
    land, tax = horizon(county, cast["leader"], date(2022, 12, 31))[-2:]
    assert (land.unit, tax.unit, tax.target) == ("亩", "万元/亩", None)


def test_an_industry_counts_the_firms_that_were_above_scale_in_the_year(
    county: County, cast: dict[str, Actor], districts: None
) -> None:
    on, leader = date(2022, 12, 31), cast["leader"]
    found = computed(county, leader, on)
    before = industry_lines(county, leader, found, {"汽车": ("36",)})[0]
    firm = Enterprise.objects.filter(county=county, industry_code__contains="36", above_scale=True).first()
    assert firm is not None
    with factories.writing(county):
        FirmYear.objects.create(county=county, enterprise=firm, year=2022, above_scale=False, basis="名录")
    after = industry_lines(county, leader, found, {"汽车": ("36",)})[0]
    assert (before.firms, after.firms) == (2, 1)


def test_who_is_not_cleared_is_told_no_small_cell(
    county: County, cast: dict[str, Actor], districts: None, signed_in: SignIn
) -> None:
    on, registrar = date(2022, 12, 31), cast["registrar"]
    found = computed(county, registrar, on)
    areas = {(one.kind, one.name): one for one in area_lines(found, {}, {})}
    assert areas["town", "甲镇"].tax_wan is None
    assert "保密" in areas["town", "甲镇"].missing
    assert {one.missing for one in industry_lines(county, registrar, found, {"汽车": ("36",)})} == {
        "企业数据，无权查看"
    }
    for role in ("leader", "registrar"):
        assert signed_in(role).get("/campaigns/horizon/?on=2022-12-31").status_code == 200
    book = signed_in("registrar").get("/campaigns/horizon/horizon.xlsx?on=2022-12-31")
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(book.content))
    assert sheets.sheet_names == ["规划展望指标", "分产业", "分区块"]
    assert AuditEvent.objects.filter(action="export_horizon").count() == 1
    assert signed_in("township_officer").get("/campaigns/horizon/").status_code == 403


def test_nothing_computed_is_said(county: County, cast: dict[str, Actor], framed: None) -> None:
    found = computed(county, cast["leader"], date(2022, 12, 31))
    (line,) = area_lines(found, {"芯片小镇": ["芯片 40 亿元"]}, {})
    assert (line.firms, line.plan) == (None, "芯片 40 亿元")
    (cars,) = industry_lines(county, cast["leader"], found, {"汽车": ("36",)})
    assert cars.missing == "该年度的亩均指标还没有计算"

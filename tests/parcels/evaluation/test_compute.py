"""A year's indicators on a real database: worked by hand, kept as a run, repeated without effect, refused without right."""

import json
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from landgis.access.actions import open_account
from landgis.access.queries import Actor, actor_for, command_actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County, Parameter
from landgis.lib.errors import Forbidden, InputError
from parcels.cadastre.models import Parcel
from parcels.enterprises.models import Enterprise
from parcels.evaluation.actions import Computed, compute_indicators
from parcels.evaluation.models import IndicatorRun, IndicatorValue
from tests import factories
from tests.factories import TOWN_EAST, TOWN_WEST, box

YEAR = 2023
MU = Decimal(10_000) / 15


@pytest.fixture
def towns(county: County) -> None:
    """甲镇 west of 120.010°, 乙镇 east of it, to 120.020°."""
    factories.district(county, TOWN_WEST, "甲镇", box(0, 0, 10, 10))
    factories.district(county, TOWN_EAST, "乙镇", box(10, 0, 20, 10))


@pytest.fixture
def operator(county: County) -> Actor:
    return command_actor("system", county)


def firm(county: County, number: int, **figures: Any) -> Enterprise:
    """Firm `number` with its return of the year; no figures = no return."""
    made = factories.enterprise(county, f"9133078200000000{number:02d}", f"示意企业{number}")
    if figures:
        factories.annual_return(made, YEAR, **figures)
    return made


def ground(county: County, code: str, west: float, mu: int, **facts: Any) -> Parcel:
    """A parcel of one thousandth of a degree, registered with a round area in 亩."""
    facts.setdefault("registered_area_m2", mu * MU)
    return factories.parcel(county, code, box(west, 1, west + 1, 2), **facts)


def compute(county: County, actor: Actor, *, commit: bool = False) -> Computed:
    return compute_indicators(county=county, actor=actor, year=YEAR, reason="测试", commit=commit)


def town(computed: Computed, code: str) -> dict[str, Any]:
    (found,) = [item for item in computed.document["towns"] if item["code"] == code]
    return dict(found)


@pytest.mark.usefixtures("towns")
def test_one_firm_on_two_parcels_in_two_towns(county: County, operator: Actor) -> None:
    one = firm(county, 1, tax_wan=100, value_added_wan=400, employees=50)
    factories.occupancy(ground(county, "P1", 1, 15), one)
    factories.occupancy(ground(county, "P2", 15, 5), one)
    found = compute(county, operator)
    assert found.document["county"]["tax_per_mu"] == pytest.approx(5.0)
    assert found.document["county"]["value_added_per_mu"] == pytest.approx(20.0)
    assert found.document["county"]["labour_productivity"] == pytest.approx(8.0)
    assert found.document["county"]["land_mu"] == pytest.approx(20.0)
    assert town(found, TOWN_WEST)["tax_wan"] == pytest.approx(75.0)
    assert town(found, TOWN_EAST)["tax_wan"] == pytest.approx(25.0)
    assert town(found, TOWN_EAST)["employees"] == pytest.approx(12.5)
    assert town(found, TOWN_EAST)["tax_per_mu"] == pytest.approx(5.0)


@pytest.mark.usefixtures("towns")
def test_a_parcel_across_two_towns_is_divided_by_its_ground(county: County, operator: Actor) -> None:
    """A quarter of it lies in 乙镇: so do a quarter of the firm's land and tax."""
    one = firm(county, 1, tax_wan=80)
    factories.occupancy(
        factories.parcel(county, "P1", box(9.25, 1, 10.25, 2), registered_area_m2=16 * MU), one
    )
    found = compute(county, operator)
    assert town(found, TOWN_WEST)["land_mu"] == pytest.approx(12.0, rel=1e-6)
    assert town(found, TOWN_EAST)["tax_wan"] == pytest.approx(20.0, rel=1e-6)
    assert found.document["unallocated"]["outside_towns"]["land_mu"] == pytest.approx(0, abs=1e-9)


@pytest.mark.usefixtures("towns")
def test_what_lies_in_no_town_is_shown_and_sums_to_the_county(county: County, operator: Actor) -> None:
    for number, west in ((1, 9.5), (2, 19.25), (3, 30)):
        one = firm(
            county, number, tax_wan=10 * number, value_added_wan=7, employees=number, rd_wan=1, revenue_wan=50
        )
        factories.occupancy(factories.parcel(county, f"P{number}", box(west, 1, west + 1, 2)), one)
    found = compute(county, operator).document
    outside = found["unallocated"]["outside_towns"]
    assert outside["tax_wan"] == pytest.approx(30 + 20 * 0.25, rel=1e-6)
    for name in (
        "land_mu",
        "tax_wan",
        "value_added_wan",
        "employees",
        "rd_wan",
        "revenue_wan",
        "land_occupied_mu",
    ):
        parts = [item[name] for item in found["towns"]] + [outside[name]]
        assert sum(parts) == pytest.approx(found["county"][name], rel=1e-9), name
    for code, of_county in found["county"]["indicators"].items():
        for side in ("numerator", "denominator"):
            parts = [item["indicators"][code][side] or 0 for item in (*found["towns"], outside)]
            assert sum(parts) == pytest.approx(of_county[side] or 0, rel=1e-9), (code, side)


@pytest.mark.usefixtures("towns")
def test_a_firm_without_land_is_allocated_nowhere_and_said(county: County, operator: Actor) -> None:
    factories.occupancy(ground(county, "P1", 1, 10), firm(county, 1, tax_wan=50))
    firm(county, 2, tax_wan=70, value_added_wan=90)
    found = compute(county, operator).document
    assert found["county"]["tax_wan"] == pytest.approx(50.0)
    assert found["county"]["tax_per_mu"] == pytest.approx(5.0)
    landless = found["unallocated"]["firms_without_land"]
    assert (landless["firms"], landless["tax_wan"], landless["value_added_wan"]) == (1, 70.0, 90.0)


@pytest.mark.usefixtures("towns")
def test_missing_is_never_zero(county: County, operator: Actor) -> None:
    """A firm that didn't return its tax is in neither side of the tax, and counted as missing."""
    factories.occupancy(ground(county, "P1", 1, 10), firm(county, 1, tax_wan=50, value_added_wan=100))
    factories.occupancy(ground(county, "P2", 3, 30), firm(county, 2, value_added_wan=100))
    factories.occupancy(ground(county, "P3", 5, 30), firm(county, 3))
    found = compute(county, operator).document["county"]
    assert found["tax_per_mu"] == pytest.approx(5.0)
    assert found["value_added_per_mu"] == pytest.approx(5.0)
    assert (found["land_mu"], found["land_occupied_mu"]) == (pytest.approx(40.0), pytest.approx(70.0))
    assert found["indicators"]["tax_per_mu"]["missing"] == {"return": 1, "tax_wan": 1}
    assert found["indicators"]["tax_per_mu"]["firms"] == 1
    assert found["labour_productivity"] is None


@pytest.mark.usefixtures("towns")
def test_leased_land_is_the_tenants_where_the_tenant_is_evaluated(county: County, operator: Actor) -> None:
    lessor, tenant = firm(county, 1, tax_wan=70), firm(county, 2, tax_wan=30)
    parcel = ground(county, "P1", 1, 10)
    factories.occupancy(parcel, lessor)
    factories.occupancy(parcel, tenant, role="leased_in", lessor=lessor, area_m2=3 * MU)
    found = compute(county, operator, commit=True)
    assert found.document["county"]["land_mu"] == pytest.approx(10.0)
    assert found.document["county"]["tax_per_mu"] == pytest.approx(10.0)
    of_firms = dict(
        IndicatorValue.objects.filter(scope="enterprise").values_list(
            "subject_code", "tax_per_mu_denominator"
        )
    )
    assert of_firms[lessor.uscc] == pytest.approx(7.0, rel=1e-6)
    assert of_firms[tenant.uscc] == pytest.approx(3.0, rel=1e-6)


@pytest.mark.usefixtures("towns")
def test_an_occupancy_by_shape_is_its_share_of_the_parcel(county: County, operator: Actor) -> None:
    """The west half of the parcel and ground beyond it: half of the registered area, and nothing beyond."""
    parcel = ground(county, "P1", 1, 16)
    factories.occupancy(parcel, firm(county, 1, tax_wan=40), geom_4490=box(0.5, 0, 1.5, 3))
    assert compute(county, operator).document["county"]["land_mu"] == pytest.approx(8.0, rel=1e-6)


@pytest.mark.usefixtures("towns")
def test_the_register_has_the_say_on_area_and_the_plane_where_it_is_silent(
    county: County, operator: Actor
) -> None:
    one = firm(county, 1, tax_wan=40)
    factories.occupancy(ground(county, "P1", 1, 10), one, share=Decimal("0.5"))
    silent = factories.parcel(county, "P2", box(3, 1, 4, 2), registered_area_m2=None)
    factories.occupancy(silent, one)
    expected = 5 + silent.planar_area_m2 * 15 / 10_000
    assert compute(county, operator).document["county"]["land_mu"] == pytest.approx(expected)


@pytest.mark.usefixtures("towns")
def test_the_land_of_a_year_is_that_of_its_last_day(county: County, operator: Actor) -> None:
    one = firm(county, 1, tax_wan=40)
    factories.occupancy(ground(county, "P1", 1, 10), one, valid_to=date(2023, 12, 31))
    factories.occupancy(ground(county, "P2", 3, 20), one, valid_from=date(2023, 12, 31))
    factories.occupancy(ground(county, "P3", 5, 40), one, valid_from=date(2024, 1, 1))
    # Entered into the register later than the firm came: the ground was in use all the same.
    factories.occupancy(ground(county, "P4", 7, 1, valid_from=date(2025, 6, 1)), one)
    assert compute(county, operator).document["county"]["land_mu"] == pytest.approx(21.0)


@pytest.mark.usefixtures("towns")
def test_occupancies_of_a_parcel_that_had_ended_are_left_out_and_said(
    county: County, operator: Actor
) -> None:
    one = firm(county, 1, tax_wan=40)
    factories.occupancy(ground(county, "P1", 1, 10), one)
    factories.occupancy(ground(county, "P2", 3, 20, valid_to=date(2020, 1, 1), retired_by="测试员"), one)
    found = compute(county, operator).document
    assert found["county"]["land_mu"] == pytest.approx(10.0)
    assert found["checks"]["occupancies_of_ended_parcels"] == 1


def test_without_town_boundaries_the_registers_town_codes_divide(county: County, operator: Actor) -> None:
    factories.occupancy(ground(county, "P1", 1, 10, town_code=TOWN_EAST), firm(county, 1, tax_wan=40))
    factories.occupancy(ground(county, "P2", 3, 10, town_code=""), firm(county, 2, tax_wan=20))
    found = compute(county, operator)
    assert found.document["towns_by"] == "register"
    assert town(found, TOWN_EAST)["tax_wan"] == 40.0
    assert found.document["unallocated"]["outside_towns"]["tax_wan"] == 20.0


@pytest.mark.usefixtures("towns")
def test_control_lines_take_their_share_and_slivers_are_no_finding(county: County, operator: Actor) -> None:
    factories.control_line(county, "KX1", box(1.5, 0, 8, 10))
    factories.control_line(county, "KX2", box(0, 0, 1.000001, 10))
    factories.occupancy(ground(county, "P1", 1, 16), firm(county, 1, tax_wan=40))
    lines = {line["code"]: line for line in compute(county, operator).document["control_lines"]}
    assert lines["KX1"]["land_mu"] == pytest.approx(8.0, rel=1e-6)
    assert lines["KX1"]["tax_per_mu"] == pytest.approx(2.5)
    assert (lines["KX2"]["firms"], lines["KX2"]["tax_per_mu"]) == (0, None)


@pytest.mark.usefixtures("towns")
def test_more_land_in_use_than_there_is_is_said(county: County, operator: Actor) -> None:
    parcel = ground(county, "P1", 1, 10)
    factories.occupancy(parcel, firm(county, 1, tax_wan=40))
    factories.occupancy(parcel, firm(county, 2, tax_wan=40), area_m2=2 * MU)
    over = compute(county, operator).document["checks"]["over_occupied_parcels"]
    assert over["parcels"] == 1
    assert over["over_mu"] == pytest.approx(2.0, rel=1e-6)


@pytest.mark.usefixtures("towns")
def test_a_stored_area_that_is_not_the_shapes_is_said(county: County, operator: Actor) -> None:
    one = firm(county, 1, tax_wan=40)
    factories.occupancy(ground(county, "P1", 1, 10), one)
    factories.occupancy(ground(county, "P2", 3, 10, ellipsoidal_area_m2=10_000.0), one)
    found = compute(county, operator).document
    assert found["checks"]["ellipsoidal_areas"] == {"parcels": 2, "differing": 1}


@pytest.mark.usefixtures("towns")
def test_a_run_keeps_every_scope_and_its_parts(county: County, operator: Actor) -> None:
    factories.control_line(county, "KX1", box(0, 0, 8, 10))
    one, two = firm(county, 1, tax_wan=30, value_added_wan=60, employees=0), firm(county, 2, tax_wan=10)
    parcel = ground(county, "P1", 1, 10)
    factories.occupancy(parcel, one, share=Decimal("0.5"))
    factories.occupancy(parcel, two, share=Decimal("0.5"))
    factories.occupancy(ground(county, "P2", 3, 5), firm(county, 3))
    run = compute(county, operator, commit=True).run
    assert run is not None
    values = {(row.scope, row.subject_code): row for row in IndicatorValue.objects.filter(run=run)}
    assert set(values) == {
        ("county", county.code),
        ("town", TOWN_WEST),
        ("town", TOWN_EAST),
        ("control_line", "KX1"),
        ("industry", "未注明行业"),
        ("enterprise", one.uscc),
        ("enterprise", two.uscc),
        ("parcel", "P1"),
        ("parcel", "P2"),
    }
    of_parcel = values["parcel", "P1"]
    assert of_parcel.tax_per_mu == pytest.approx(4.0)
    assert (of_parcel.value_added_per_mu_numerator, of_parcel.missing["value_added_wan"]) == (60.0, 1)
    assert of_parcel.labour_productivity is None
    assert of_parcel.labour_productivity_denominator == 0.0
    assert values["parcel", "P2"].tax_per_mu_numerator is None
    assert values["parcel", "P2"].missing == {"return": 1}
    assert values["town", TOWN_EAST].tax_per_mu_denominator is None
    assert values["enterprise", two.uscc].missing["employees"] == 1


@pytest.mark.usefixtures("towns")
def test_the_same_inputs_change_nothing(county: County, operator: Actor) -> None:
    one = firm(county, 1, tax_wan=40)
    factories.occupancy(ground(county, "P1", 1, 10), one)
    first = compute(county, operator, commit=True)
    events = AuditEvent.objects.count()
    again = compute(county, operator, commit=True)
    assert (first.unchanged, again.unchanged, again.run) == (False, True, None)
    assert again.document["run"] == first.document["run"]
    assert (IndicatorRun.objects.count(), AuditEvent.objects.count()) == (1, events)
    factories.occupancy(ground(county, "P2", 3, 10), one)
    assert compute(county, operator, commit=True).unchanged is False
    with factories.writing(county):
        Parameter.objects.filter(county=county, key="overlay.sliver_m2").update(value=2)
    assert compute(county, operator, commit=True).unchanged is False
    assert IndicatorRun.objects.count() == 3


@pytest.mark.usefixtures("towns")
def test_without_commit_nothing_is_written(county: County, operator: Actor) -> None:
    factories.occupancy(ground(county, "P1", 1, 10), firm(county, 1, tax_wan=40))
    events = AuditEvent.objects.count()
    assert compute(county, operator).run is None
    assert (IndicatorRun.objects.count(), AuditEvent.objects.count()) == (0, events)


def test_a_year_without_returns_is_an_error_with_a_remedy(county: County, operator: Actor) -> None:
    with pytest.raises(InputError, match="2023 年没有企业年度报表") as raised:
        compute(county, operator)
    assert "导入" in raised.value.remedy


def test_who_may_compute(county: County, cast: dict[str, Actor]) -> None:
    for role in ("idle_land_officer", "township_officer", "leader", "agency", "system_admin"):
        with pytest.raises(Forbidden):
            compute(county, cast[role])


def test_an_officer_of_one_town_computes_no_county(county: County) -> None:
    user = open_account(
        county=county,
        username="一镇专管员",
        display_name="",
        password=factories.PASSWORD,
        role="evaluation_officer",
        town_code=TOWN_WEST,
        by="测试员",
        on=date(2020, 1, 1),
        reason="测试账号",
    )
    with pytest.raises(Forbidden, match="全县"):
        compute(county, actor_for(user, county))


@pytest.mark.parametrize("year", [0, 99_999])
def test_a_year_out_of_all_bounds_is_an_error(county: County, operator: Actor, year: int) -> None:
    with pytest.raises(InputError, match="不是有效的年度"):
        compute_indicators(county=county, actor=operator, year=year, reason="测试", commit=False)


@pytest.mark.usefixtures("towns")
def test_a_registrar_computes_without_seeing_fewer_than_three_firms(
    county: County, cast: dict[str, Actor]
) -> None:
    """甲镇 has three firms, 乙镇 one: both are hidden, because the county less one of them is the other."""
    for number, west in ((1, 1), (2, 3), (3, 5), (4, 15)):
        factories.occupancy(ground(county, f"P{number}", west, 10), firm(county, number, tax_wan=10 * number))
    hidden, seen = compute(county, cast["registrar"]), compute(county, cast["evaluation_officer"])
    assert hidden.document["county"]["tax_per_mu"] == pytest.approx(2.5)
    for code in (TOWN_WEST, TOWN_EAST):
        assert (town(hidden, code)["tax_per_mu"], town(hidden, code)["tax_wan"]) == (None, None)
        assert town(hidden, code)["restricted"] is True
    assert town(seen, TOWN_EAST)["tax_wan"] == 40.0


@pytest.mark.usefixtures("towns")
def test_the_command_prints_one_document(county: County) -> None:
    factories.occupancy(ground(county, "P1", 1, 10), firm(county, 1, tax_wan=40, value_added_wan=80))
    out = StringIO()
    call_command("compute_indicators", "--year", "2023", "--county", county.code, "--json", stdout=out)
    said = json.loads(out.getvalue())
    assert said["year"] == 2023
    assert said["county"]["tax_per_mu"] == pytest.approx(4.0)
    assert {"tax_per_mu", "value_added_per_mu", "land_mu"} <= said["county"].keys()
    assert [item["code"] for item in said["towns"]] == [TOWN_WEST, TOWN_EAST]
    assert {"outside_towns", "firms_without_land"} <= said["unallocated"].keys()
    assert IndicatorRun.objects.count() == 0


@pytest.mark.usefixtures("towns")
def test_the_command_says_when_there_is_nothing_to_write(county: County) -> None:
    factories.occupancy(ground(county, "P1", 1, 10), firm(county, 1, tax_wan=40))
    said = []
    for _ in range(2):
        out = StringIO()
        call_command("compute_indicators", "--year", "2023", "--county", county.code, "--commit", stdout=out)
        said.append(out.getvalue())
    assert "已写入" in said[0]
    assert "没有需要写入的内容" in said[1]


def test_the_command_ends_with_1_where_the_input_has_errors(county: County) -> None:
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("compute_indicators", "--year", "2023", "--county", county.code, "--json", stdout=out)
    assert ended.value.code == 1
    assert json.loads(out.getvalue())["issues"][0]["code"] == "returns_missing"


@pytest.mark.usefixtures("towns")
def test_a_computation_takes_the_same_statements_for_any_number_of_rows(
    county: County, operator: Actor, django_assert_num_queries: Any
) -> None:
    for number in range(1, 9):
        factories.occupancy(ground(county, f"P{number}", number, 10), firm(county, number, tax_wan=10))
    # Beside the tables read whole: towns, lines and platforms of the day and of today, parameters twice, secrecy's, newest run.
    with django_assert_num_queries(9):
        compute(county, operator)

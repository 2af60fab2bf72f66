"""A county with a line of two pieces, and the hands that apply for adjustments and take their steps.

Refuses to write past the room's own actions.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import shapely

from landgis.access.queries import Actor
from landgis.audit.change import change
from landgis.counties.models import County, Parameter, Target
from parcels.balance.actions import apply_for, take_step
from parcels.balance.models import Adjustment
from parcels.balance.queries import Draft, Piece
from parcels.balance.steps import APPROVAL, ARGUMENT, ENTRY, OPINION, PUBLICITY, REVIEW
from tests import factories

TODAY = date(2026, 6, 30)
APPLIED = date(2024, 1, 2)
Apply = Callable[..., Adjustment]
Step = Callable[..., Adjustment]


def shape(west: float, south: float, east: float, north: float) -> shapely.Geometry:
    """A rectangle in thousandths of a degree from the county's origin."""
    return shapely.from_wkb(bytes(factories.box(west, south, east, north).wkb))


def piece(west: float, south: float, east: float, north: float, **values: Any) -> Piece:
    stated: dict[str, Any] = {
        "name": "调入一", "level": "一级", "plan_class_code": "100102", "plan_basis": "国土空间规划", **values
    }  # fmt: skip
    return Piece(geom_4490=shape(west, south, east, north), **stated)


def set_parameter(county: County, key: str, value: Any) -> None:
    with change(county_code=county.code, by="测试员", action="test", reason="参数"):
        Parameter.objects.filter(county=county, key=key).update(value=value)


def set_retained(county: County, value_mu: float, since: date = date(2021, 1, 1)) -> None:
    with change(county_code=county.code, by="测试员", action="test", reason="保有量"):
        Target.objects.create(
            county=county,
            key="control_line.retained_mu",
            value=value_mu,
            unit="亩",
            valid_from=since,
            basis="示意文件",
        )


@pytest.fixture
def line(county: County) -> County:
    """KX1 (0..10 × 0..10) and KX2 (10..20 × 0..10), both 一级 since 2010."""
    for code, west in (("KX1", 0), ("KX2", 10)):
        factories.control_line(county, code, factories.box(west, 0, west + 10, 10), level="一级")
    return county


@pytest.fixture
def applied(line: County, cast: dict[str, Actor]) -> Apply:
    """`applied(out, pieces)` makes an application; everything can be said otherwise."""

    def apply(out: shapely.Geometry | None, *pieces: Piece, **values: Any) -> Adjustment:
        uses = values.pop("uses", ())
        given: dict[str, Any] = {
            "title": "示意调整", "purpose": "城市更新", "planned_on": values.get("on", APPLIED) + timedelta(days=60),
            "on": APPLIED, "person": "王经办", "document": "申请书", "today": TODAY,
            "actor": cast["registrar"], **values,
        }  # fmt: skip
        return apply_for(county=line, draft=Draft(out, pieces, tuple(uses)), **given)

    return apply


@pytest.fixture
def step(line: County, cast: dict[str, Actor]) -> Step:
    def take(adjustment: Adjustment, name: str, on: date, **values: Any) -> Adjustment:
        given: dict[str, Any] = {
            "person": "王经办", "document": f"{name}文件", "today": TODAY, "actor": cast["registrar"], **values
        }  # fmt: skip
        return take_step(county=line, number=adjustment.pk, step=name, on=on, **given)

    return take


@pytest.fixture
def entered(applied: Apply, step: Step) -> Apply:
    """An application taken through every step; it is in force from `effective`."""

    def through(out: shapely.Geometry | None, *pieces: Piece, **values: Any) -> Adjustment:
        effective = values.pop("effective", APPLIED + timedelta(days=90))
        made = applied(out, *pieces, **values)
        on = values.get("on", APPLIED)
        for name in (ARGUMENT, OPINION, REVIEW, PUBLICITY):
            step(made, name, on)
        step(made, APPROVAL, on + timedelta(days=10))
        return step(made, ENTRY, effective)

    return through

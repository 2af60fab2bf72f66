"""Parcels to hand out: with Chinese text, a natural person, figures of firms, a hole and shared boundaries.

Refuses nothing.
"""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon

from landgis.access.actions import clear_recipient
from landgis.counties.models import County
from tests import factories
from tests.factories import TOWN_EAST, TOWN_WEST, box
from tests.factories_parcels import screening, taxes


@pytest.fixture
def register(county: County) -> County:
    """P1 of a firm, P2 of 李小明, P3 (乙镇) with a hole and two parts; 发改局 is cleared for tax, 民政局 for names."""
    one = factories.parcel(
        county,
        "990001100001GB00001",
        box(0, 0, 1, 1),
        registered_area_m2=Decimal("10000.5000"),
        registered_on=date(2019, 4, 19),
        location='甲路1号，"东"侧\n院内',
        tenure="出让",
    )
    factories.holder(one, "示意针织有限公司", uscc="91330782MA2TEST01X")
    two = factories.parcel(
        county, "990001100001GB00002", box(1, 0, 2, 1), registered_area_m2=None, location="=1+1"
    )
    factories.holder(two, "李小明", kind="natural_person")
    x, y = factories.ORIGIN
    hole = [
        (x + e, y + n) for e, n in ((0.0052, 0.0002), (0.0058, 0.0002), (0.0058, 0.0008), (0.0052, 0.0002))
    ]
    outer, second = box(5, 0, 6, 1)[0], box(8, 0, 9, 1)[0]
    shape = MultiPolygon(Polygon(outer.coords[0], hole), second, srid=4490)
    factories.parcel(county, "990001101001GB00003", shape, town_code=TOWN_EAST, land_class_code="0604")
    factories.district(county, TOWN_WEST, "甲镇", box(-1, -1, 3, 3))
    taxes(county, 2022, {one.code: 30.25, two.code: None})
    screening(county, [(one, "overdue")])
    for code, fields in (("fgj", ["tax_per_mu"]), ("mzj", ["holder_name"]), ("gdj", [])):
        clear_recipient(county=county, code=code, name=code, fields=fields, by="测试员", reason="测试")
    return county

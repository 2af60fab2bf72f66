"""How much of a shape lies inside the control line of a day."""

from datetime import date

import pytest

from landgis.counties.models import County
from layers.control_lines.queries import control_lines, share_inside
from tests import factories
from tests.factories import box

ON = date(2023, 12, 31)


def share(county: County, *, sliver_m2: float = 0.0, sliver_ratio: float = 0.0) -> float | None:
    return share_inside(box(0, 0, 1, 1), county, ON, sliver_m2=sliver_m2, sliver_ratio=sliver_ratio)


def test_a_county_without_a_line_has_no_share(county: County) -> None:
    assert share(county) is None


def test_outside_any_line(county: County) -> None:
    factories.control_line(county, "KX1", box(5, 5, 6, 6))
    assert share(county) == 0.0


def test_ground_under_two_pieces_counts_once(county: County) -> None:
    factories.control_line(county, "KX1", box(0, 0, 0.5, 1))
    factories.control_line(county, "KX2", box(0.25, 0, 0.75, 1))
    assert share(county) == pytest.approx(0.75, rel=1e-6)


def test_a_sliver_is_none(county: County) -> None:
    factories.control_line(county, "KX1", box(-1, 0, 0.0005, 1))
    assert share(county) == pytest.approx(0.0005, rel=1e-3)
    assert share(county, sliver_ratio=0.001) == 0.0
    assert share(county, sliver_m2=100.0) == 0.0


def test_the_version_of_the_day(county: County) -> None:
    old = factories.control_line(county, "KX1", box(0, 0, 1, 1))
    with factories.writing(county):
        old.valid_to = date(2023, 6, 1)
        old.save()
    assert share(county) == 0.0
    assert control_lines(county, date(2023, 5, 31)).codes == ("KX1",)


def test_a_day_before_the_first_version_reads_todays(county: County) -> None:
    factories.control_line(county, "KX1", box(0, 0, 1, 1))
    found = control_lines(county, date(2001, 1, 1))
    assert found.codes == ("KX1",)
    assert found.on > date(2010, 1, 1)

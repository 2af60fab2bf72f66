"""Drawing ground on the maps of forms: corners snap to the register's, the area told is the one credited, text stays a way.

Refuses to look at pixels: places on the map follow from the ground that it opens on.
"""

from __future__ import annotations

import json
import math

import pytest
import shapely
from playwright.sync_api import Locator, Page, expect

from landgis.counties.models import County
from parcels.cadastre.models import Parcel
from parcels.campaigns.models import Credit, Project
from parcels.enterprises.models import Occupancy
from tests.browser.conftest import OpenAs
from tests.browser.test_map_layers import finished

pytestmark = pytest.mark.browser

METRES_A_DEGREE = 20037508.342789244 / 180
PADDING = 40  # of the map around the ground that it opens on


class Board:
    """The map of a field; places are told as shares of the ground's box, from its south-west corner."""

    def __init__(self, page: Page, ground: shapely.Geometry) -> None:
        self.page, self.bounds = page, ground.bounds
        page.locator(".draw-field > button").first.click()
        self.map: Locator = page.locator(".draw-map")
        self.map.scroll_into_view_if_needed()
        expect(self.map).to_have_attribute("data-parcels", "ready")

    def at(self, east: float, north: float, off: float = 0) -> tuple[float, float]:
        west, south, right, top = self.bounds
        width, height = (right - west) * METRES_A_DEGREE, _northing(top) - _northing(south)
        box = self.map.bounding_box()
        assert box
        metres = max(width / (box["width"] - 2 * PADDING), height / (box["height"] - 2 * PADDING))
        x = box["x"] + box["width"] / 2 + (east - 0.5) * width / metres
        return x + off, box["y"] + box["height"] / 2 - (north - 0.5) * height / metres + off

    def click(self, east: float, north: float, off: float = 0) -> None:
        x, y = self.at(east, north, off)
        self.page.mouse.move(x - 1, y)
        self.page.mouse.move(x, y)
        self.page.mouse.click(x, y)
        self.page.wait_for_timeout(300)  # two clicks in a row would be a double-click

    def west_half(self) -> None:
        """Some pixels beside the corners, and closed from the keyboard."""
        for east, north in ((0, 0), (0, 1), (0.5, 1), (0.5, 0)):
            self.click(east, north, off=4)
        self.map.press("Enter")


def _northing(latitude: float) -> float:
    return math.asinh(math.tan(math.radians(latitude))) * 6378137


def ground_of(code: str) -> shapely.Geometry:
    return shapely.from_wkb(bytes(Parcel.objects.get(code=code).geom_4490.wkb))


@pytest.fixture
def done(landscape: County) -> Project:
    return finished(landscape)


def test_a_part_is_drawn_told_and_credited_with_the_registers_corners(open_as: OpenAs, done: Project) -> None:
    page = open_as("evaluation_officer", f"/campaigns/projects/{done.pk}/", wait=False)
    page.locator("#credit details summary").click()
    board = Board(page, ground_of("P2"))
    board.west_half()
    area = page.locator(".draw-area")
    expect(area).to_contain_text("亩")
    expect(page.locator(".draw-told")).to_contain_text("可入账")
    shown_m2 = float(area.get_attribute("data-area-m2") or 0)
    page.fill("#credit [name=on]", "2024-04-01")
    page.fill("#credit [name=evidence]", "验收单")
    page.get_by_role("button", name="入账", exact=True).click()
    expect(page.locator("main")).to_contain_text("已入账")
    made = Credit.objects.get()
    assert made.geom_4490 is not None
    assert made.area_m2 == pytest.approx(shown_m2, abs=0.01)
    assert made.area_m2 == pytest.approx(done.area_m2 / 2, rel=0.04)  # the middle is met to some pixels
    parcel = {tuple(xy) for xy in shapely.get_coordinates(ground_of("P2")).tolist()}
    drawn = {
        tuple(xy) for xy in shapely.get_coordinates(shapely.from_wkb(bytes(made.geom_4490.wkb))).tolist()
    }
    assert len(parcel & drawn) == 2


def test_what_is_pasted_is_drawn_and_can_be_taken_back(open_as: OpenAs, done: Project) -> None:
    page = open_as("evaluation_officer", f"/campaigns/projects/{done.pk}/", wait=False)
    page.locator("#credit details summary").click()
    whole = shapely.get_parts(ground_of("P2"))[0]
    field = page.locator("#credit [name=ground_text]")
    field.fill(shapely.to_geojson(whole))
    board = Board(page, ground_of("P2"))
    expect(page.locator(".draw-area")).to_contain_text("㎡")
    page.get_by_role("button", name="撤销", exact=True).click()
    expect(page.locator(".draw-area")).to_have_text("尚未绘制")
    expect(field).to_have_value("")
    page.get_by_role("button", name="取整宗").click()
    board.click(0.5, 0.5)
    expect(page.locator(".draw-area")).to_contain_text("㎡")
    taken = shapely.from_geojson(field.input_value())
    assert taken.symmetric_difference(whole).area < 1e-12
    board.click(0.5, 0.5)
    expect(field).to_have_value("")


def test_a_town_draws_the_part_that_a_firm_uses(open_as: OpenAs, landscape: County) -> None:
    parcel = Parcel.objects.get(code="P1")
    page = open_as("township_officer", f"/land-use/parcels/{parcel.pk}/?year=2023#use", wait=False)
    board = Board(page, ground_of("P1"))
    board.west_half()
    expect(page.locator("#id_measure")).to_have_value("geometry")
    expect(page.locator(".draw-told")).to_contain_text("使用面积")
    assert json.loads(page.locator("#id_coordinates").input_value())["type"] == "Polygon"
    page.fill("#id_uscc", "91330782MA2TEST04X")
    page.fill("#id_valid_from", "2023-01-01")
    page.fill("#id_reason", "核查")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator("main")).to_contain_text("已登记用地")
    made = Occupancy.objects.exclude(geom_4490=None).get()
    assert made.geom_4490 is not None
    assert made.geom_4490.area == pytest.approx(
        parcel.geom_4490.area / 2, rel=0.04
    )  # the middle is met to some pixels

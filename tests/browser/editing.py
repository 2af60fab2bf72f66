"""Hands for the editing journeys: places in metres become pixels, gestures, and what the page says of itself.

Refuses to wait by the clock: every wait is for an attribute or a text that the page owes.
"""

import math
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import shapely
from playwright.sync_api import Locator, Page, expect
from pyproj import Transformer

from parcels.cadastre.models import Parcel
from tests.parcels.editing.conftest import EAST, NORTH, SURVEY

TO_LON_LAT = Transformer.from_crs(SURVEY, 4490, always_xy=True)
EARTH_RADIUS_M = 6378137.0
# Pixels a whole turn of the earth has at zoom 0.
TILE_PIXELS = 256
Place = tuple[float, float]


def _mercator(lon: float, lat: float) -> Place:
    x = EARTH_RADIUS_M * math.radians(lon)
    return x, EARTH_RADIUS_M * math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))


def address(x: float, y: float, zoom: float) -> str:
    """The address that shows a place, metres from the block's middle-left corner, in the middle of the map."""
    lon, lat = TO_LON_LAT.transform(EAST + x, NORTH + y)
    return f"/?z={zoom}&lon={lon:.6f}&lat={lat:.6f}"


OVER_THE_BLOCK = address(150, 0, 17.4)


class Desk:
    """One officer's page, with the block in sight; places are metres from A's south-west corner."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.map = page.locator("#map")
        self.panel = page.locator("#edit-panel")
        self.dialog = page.locator("dialog[open]")

    # --- what the page says ------------------------------------------------------------------------------------
    def says(self, name: str, value: str | re.Pattern[str]) -> None:
        expect(self.map).to_have_attribute(f"data-edit-{name}", value)

    def settled(self, steps: int) -> None:
        """So many steps in force, and the server has judged them."""
        self.says("ops", str(steps))
        self.says("checked", "true")
        self.says("busy", "")

    def findings(self, errors: int, warnings: int) -> None:
        block = self.panel.locator("[data-block=findings]")
        expect(block).to_have_attribute("data-errors", str(errors))
        expect(block).to_have_attribute("data-warnings", str(warnings))

    def working(self, state: str) -> Locator:
        """The rows of parcels that the draft touches, by what becomes of them."""
        return self.panel.locator(f"[data-block=parcels] li.is-{state}")

    def row(self, code: str) -> Locator:
        return self.page.locator(f'#list tr[data-code="{code}"]')

    def pixel(self, x: float, y: float) -> Place:
        query = {
            key: float(values[0])
            for key, values in parse_qs(urlsplit(self.page.url).query).items()
            if key in ("z", "lon", "lat")
        }
        at = _mercator(*TO_LON_LAT.transform(EAST + x, NORTH + y))
        centre = _mercator(query["lon"], query["lat"])
        metres_a_pixel = 2 * math.pi * EARTH_RADIUS_M / TILE_PIXELS / 2 ** query["z"]
        box = self.map.bounding_box()
        assert box
        return (
            box["x"] + box["width"] / 2 + (at[0] - centre[0]) / metres_a_pixel,
            box["y"] + box["height"] / 2 - (at[1] - centre[1]) / metres_a_pixel,
        )

    # --- gestures ----------------------------------------------------------------------------------------------
    def edit(self) -> "Desk":
        self.page.keyboard.press("e")
        self.ready()
        return self

    def drawn(self) -> None:
        """The tiles show the register as it was asked for last."""
        expect(self.map).to_have_attribute("data-tiles", "drawn")

    def ready(self) -> None:
        expect(self.map).to_have_attribute("data-edit", "on")
        self.says("ready", "true")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def tool(self, key: str, name: str) -> None:
        self.press(key)
        self.says("tool", name)

    def hover(self, x: float, y: float) -> None:
        self.page.mouse.move(*self.pixel(x, y))

    def click(self, *places: Place, shift: bool = False) -> None:
        for place in places:
            if shift:
                self.page.keyboard.down("Shift")
            self.page.mouse.click(*self.pixel(*place))
            if shift:
                self.page.keyboard.up("Shift")

    def drag(self, start: Place, end: Place) -> None:
        self.page.mouse.move(*self.pixel(*start))
        self.page.mouse.down()
        self.page.mouse.move(*self.pixel(*end), steps=5)
        self.page.mouse.up()

    def choose(self, x: float, y: float, key: str | re.Pattern[str]) -> None:
        self.tool("1", "pick")
        self.click((x, y))
        self.says("active", key)

    def undone_and_redone(self, steps: int) -> None:
        """The last step taken back and brought back: what it made goes and comes with it."""
        self.press("Control+z")
        self.settled(steps - 1)
        self.press("Control+Shift+z" if steps % 2 else "Control+y")
        self.settled(steps)

    # --- saving ------------------------------------------------------------------------------------------------
    def open_save(self) -> Locator:
        self.press("Control+s")
        expect(self.dialog.locator("h2")).to_have_text("保存变更")
        return self.dialog

    def save(self, reason: str = "按合同办理", warnings: str = "") -> None:
        dialog = self.open_save()
        dialog.locator("[data-field=reason] textarea").fill(reason)
        if warnings:
            dialog.locator("[data-field=warnings_reason] textarea").fill(warnings)
        self.confirm_save()

    def confirm_save(self) -> None:
        self.dialog.locator("footer .btn-primary").click()
        expect(self.dialog).to_have_count(0)
        self.says("ops", "0")


def vertices(code: str) -> set[tuple[float, float]]:
    """Every vertex of a parcel in force, as the database holds it."""
    geom = Parcel.objects.get(code=code, valid_to=None).geom_4490
    return {(x, y) for x, y in shapely.get_coordinates(shapely.from_wkb(bytes(geom.wkb))).tolist()}


def survey(code: str) -> Any:
    """The parcel in force in the survey CRS, metres from the block's corner."""
    geom = Parcel.objects.get(code=code, valid_to=None).geom_4490.transform(SURVEY, clone=True)
    return shapely.transform(shapely.from_wkb(bytes(geom.wkb)), lambda xy: xy - [EAST, NORTH])

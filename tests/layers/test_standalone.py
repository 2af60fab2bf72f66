"""The stand-alone map opens from a file without a single request, and shows text as text."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from layers.standalone import MapFeature, standalone_map

NASTY = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">`${1}`"


def feature(
    number: int, *, group: str = "闲置（未动工）", colour: str = "#b3261e", title: str = ""
) -> MapFeature:
    west, south = 120 + number / 100, 29.3
    ring = [[west, south], [west + 0.005, south], [west + 0.005, south + 0.005], [west, south]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    return MapFeature(
        shape, colour, group, title or f"宗地{number}", (("权利人", "示意企业"), ("面积（亩）", "15.00"))
    )


def page_of(*features: MapFeature, title: str = "疑似闲置土地分布图") -> str:
    return standalone_map(title=title, subtitle="筛查基准日 2024-06-30。", features=features)


def test_nothing_of_the_page_lies_outside_it() -> None:
    html = page_of(feature(0), feature(1))
    assert not re.search(r"<(script|link|img|iframe)[^>]+(src|href)=", html)
    assert not re.search(r"cdn\.|unpkg|jsdelivr|netdna", html)
    assert "url(images" not in html
    assert len(html) < 260_000


def test_a_colour_that_isnt_one_is_refused() -> None:
    with pytest.raises(ValueError, match="rrggbb"):
        page_of(feature(0, colour="red;background:url(x)"))


@pytest.fixture
def chromium(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 900, "height": 600})
    yield page
    page.close()


@pytest.fixture
def opened(chromium: Page, tmp_path: Path) -> Iterator[tuple[Page, Path, list[str]]]:
    """A page whose every request but the file itself is refused and noted, as are errors on the console."""
    noted: list[str] = []
    file = tmp_path / "map.html"

    def refuse(route: Route) -> None:
        if route.request.url == file.as_uri():
            route.continue_()
        else:
            noted.append(route.request.url)
            route.abort()

    chromium.route("**/*", refuse)
    chromium.on("pageerror", lambda error: noted.append(str(error)))
    chromium.on("console", lambda message: noted.append(message.text))
    yield chromium, file, noted
    chromium.unroute("**/*")


@pytest.mark.browser
def test_it_opens_without_network_with_title_legend_and_facts(opened: tuple[Page, Path, list[str]]) -> None:
    page, file, noted = opened
    file.write_text(
        page_of(feature(0), feature(1), feature(3, group="逾期未动工", colour="#e0a800")), encoding="utf-8"
    )
    page.goto(file.as_uri())
    page.wait_for_selector(".leaflet-control-layers-overlays label")
    assert page.title() == "疑似闲置土地分布图"
    assert "筛查基准日 2024-06-30。" in page.inner_text(".sheet-title")
    assert re.search(r"制图时间 \d{4}-\d\d-\d\d", page.inner_text(".sheet-title"))
    legend = [
        label.inner_text().strip()
        for label in page.query_selector_all(".leaflet-control-layers-overlays label")
    ]
    assert legend == ["闲置（未动工）（2）", "逾期未动工（1）"]
    page.mouse.click(*_middle(page, 1))
    page.wait_for_selector(".leaflet-popup-content")
    assert page.inner_text(".leaflet-popup-content").split() == [
        "宗地1",
        "权利人",
        "示意企业",
        "面积（亩）",
        "15.00",
    ]
    assert noted == []


@pytest.mark.browser
def test_what_the_data_say_is_never_run(opened: tuple[Page, Path, list[str]]) -> None:
    page, file, noted = opened
    nasty = MapFeature(feature(0).geometry, "#b3261e", NASTY, NASTY, ((NASTY, NASTY),))
    file.write_text(page_of(nasty, title=NASTY), encoding="utf-8")
    page.goto(file.as_uri())
    page.mouse.click(*_middle(page, 0))
    page.wait_for_selector(".leaflet-popup-content")
    assert NASTY in page.inner_text(".leaflet-popup-content")
    assert NASTY in page.inner_text(".leaflet-control-layers-overlays")
    assert page.title() == NASTY
    assert noted == []


@pytest.mark.browser
def test_a_list_without_shapes_still_opens(opened: tuple[Page, Path, list[str]]) -> None:
    page, file, noted = opened
    file.write_text(page_of(), encoding="utf-8")
    page.goto(file.as_uri())
    page.wait_for_selector(".leaflet-control-scale")
    assert noted == []


def _middle(page: Page, number: int) -> tuple[float, float]:
    """Where on the screen the middle of a feature lies."""
    script = """number => {
      const map = Object.values(window).find(value => value instanceof L.Map);
      const point = map.latLngToContainerPoint([29.3015, 120 + number / 100 + 0.0035]);
      return [point.x, point.y];
    }"""
    x, y = page.evaluate(script, number)
    return x, y

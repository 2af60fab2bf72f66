"""The editing mode in the machine's Chromium, timed from inside the page; prints one JSON document.

Refuses to judge: it tells what it saw.
"""

import json
import os
import shutil
import statistics
import sys

from playwright.sync_api import Page, sync_playwright

FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--no-first-run", "--disable-quic"]  # fmt: skip
RUNS, DRAGS = 5, 6

BUTTON = '#detail [aria-label^="编辑此宗地"]'

# From the click to the attribute that the tool sets, by the page's own clock.
READY = """(code) => new Promise((done, fail) => {
  const map = document.getElementById("map");
  const started = performance.now();
  const look = () => map.dataset.editReady === "true" && map.dataset.editActive === code
    && done((performance.now() - started) / 1000);
  new MutationObserver(look).observe(map, { attributes: true });
  setTimeout(() => fail(new Error("the tool was never ready")), 20000);
  document.querySelector('#detail [aria-label^="编辑此宗地"]').click();
  look();
})"""

WATCH = """() => { window.longest = 0; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.longest = Math.max(window.longest, entry.duration);
}).observe({ entryTypes: ["longtask"] }); }"""


def main() -> None:
    address, code, cookies = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
    chromium = (
        os.environ.get("LANDGIS_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    )
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium, args=FLAGS)
        context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
        context.add_cookies(
            [{"name": name, "value": value, "url": address} for name, value in cookies.items()]
        )
        page = context.new_page()
        ready = [seconds_to_ready(page, address, code) for _ in range(RUNS + 1)][1:]
        longest, exact = pan(page)
        browser.close()
    json.dump(
        {"ready_s": statistics.median(ready), "longest_task_ms": longest, "exact_parcels": exact}, sys.stdout
    )


def seconds_to_ready(page: Page, address: str, code: str) -> float:
    page.goto(f"{address}/?sel={code}")
    page.wait_for_selector("#map[data-ready]")
    page.wait_for_selector(BUTTON)
    page.wait_for_timeout(500)
    return float(page.evaluate(READY, code))


def pan(page: Page) -> tuple[float, int]:
    """Drags to and fro over exact parcels, the view moving on so that more are read; the longest task in milliseconds."""
    page.keyboard.press("1")  # the tool that picks: dragging moves the map
    page.wait_for_timeout(500)
    page.evaluate(WATCH)
    box = page.locator("#map").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    seen = page.url
    for turn in range(DRAGS):
        side = 1 if turn % 3 else -1
        page.mouse.move(x, y)
        page.mouse.down()
        for step in range(1, 25):
            page.mouse.move(x + side * step * 14, y + side * step * 6)
        page.mouse.up()
        page.wait_for_timeout(500)
    if page.url == seen:
        raise RuntimeError("the map did not move")
    exact = page.locator("#map").get_attribute("data-edit-exact") or "0"
    return float(page.evaluate("() => window.longest")), int(exact)


if __name__ == "__main__":
    main()

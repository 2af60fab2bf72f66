"""A list as a map in one HTML file that needs neither server nor network.

Refuses every address outside the file: Leaflet stands in it, taken from its package. What the features say is put
on the page as text, never as HTML.
"""

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import folium
from branca.element import Element, Figure
from django.utils import timezone
from folium.utilities import JsCode

_COLOUR = re.compile(r"^#[0-9a-fA-F]{6}$")
_ADDRESS = re.compile(r"""(?:src|href)\s*=\s*["']?\s*(?:https?:)?//""", re.IGNORECASE)

_LOOK = """
body { font-family: "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif; color: #1f2933; }
.leaflet-container { background: #f4f6f8; font: inherit; }
.sheet-title { position: absolute; z-index: 1000; left: 56px; top: 10px; max-width: calc(100% - 320px);
  background: rgba(255,255,255,.94); padding: 8px 14px; border: 1px solid #cbd2d9; border-radius: 4px; }
.sheet-title h1 { font-size: 17px; margin: 0; } .sheet-title p { font-size: 12.5px; margin: 3px 0 0; }
.swatch { display: inline-block; width: 16px; height: 11px; margin: 0 5px 0 2px; border: 1px solid #52606d; }
.facts { border-collapse: collapse; font-size: 13px; }
.facts caption { font-weight: 600; text-align: left; padding-bottom: 4px; }
.facts th { color: #52606d; font-weight: 400; text-align: left; padding: 1px 10px 1px 0; white-space: nowrap; }
.leaflet-popup-content { max-height: 320px; overflow: auto; }
.leaflet-control-scale-line + .leaflet-control-scale-line { display: none; }
.leaflet-control-layers { font-size: 13px; }
@media print { .leaflet-control-zoom { display: none; } }
"""

_ON_EACH_FEATURE = """function (feature, layer) {
  layer.bindTooltip(function () {
    const label = document.createElement("span");
    label.textContent = feature.properties.title;
    return label;
  }, { sticky: true });
  layer.bindPopup(function () {
    const table = document.createElement("table");
    table.className = "facts";
    table.createCaption().textContent = feature.properties.title;
    for (const [name, value] of feature.properties.facts) {
      const row = table.insertRow();
      row.appendChild(document.createElement("th")).textContent = name;
      row.insertCell().textContent = value;
    }
    return table;
  }, { maxWidth: 420 });
}"""


@dataclass(frozen=True, slots=True)
class MapFeature:
    """A shape (GeoJSON geometry, EPSG:4490) with its colour (#rrggbb), legend group, title and facts (name, value)."""

    geometry: Mapping[str, Any]
    colour: str
    group: str
    title: str
    facts: tuple[tuple[str, str], ...] = ()


def standalone_map(*, title: str, subtitle: str, features: Iterable[MapFeature]) -> str:
    """The whole HTML page: the shapes by group, a legend that switches groups, tooltips and pop-ups."""
    groups: dict[str, list[MapFeature]] = {}
    for feature in features:
        groups.setdefault(feature.group, []).append(feature)
    sheet = folium.Map(
        location=(35.0, 105.0),
        zoom_start=4,
        tiles=None,
        control_scale=True,
        prefer_canvas=True,
        attributionControl=False,
    )
    sheet.default_js, sheet.default_css = [], []
    boxes = []
    for name, members in groups.items():
        layer = folium.GeoJson(
            {"type": "FeatureCollection", "features": [_geojson(member) for member in members]},
            name=_legend(name, members),
            on_each_feature=JsCode(_ON_EACH_FEATURE),
        )
        layer.add_to(sheet)
        boxes.append(layer.get_bounds())
    if boxes:
        folium.LayerControl(collapsed=False).add_to(sheet)
        sheet.fit_bounds(_around(boxes), padding=(24, 24))
    return _page(sheet, title, subtitle)


def _geojson(feature: MapFeature) -> dict[str, Any]:
    if not _COLOUR.match(feature.colour):
        raise ValueError(f"a colour is written #rrggbb, not {feature.colour!r}")
    style = {"color": "#1f2933", "weight": 1, "fillColor": feature.colour, "fillOpacity": 0.7}
    facts = [[str(name), str(value)] for name, value in feature.facts]
    properties = {"title": feature.title, "facts": facts, "style": style}
    return {"type": "Feature", "geometry": dict(feature.geometry), "properties": properties}


def _legend(name: str, members: list[MapFeature]) -> str:
    swatch = f'<span class="swatch" style="background:{members[0].colour}"></span>'
    return f"{swatch}{escape(name)}（{len(members)}）"


def _around(boxes: list[Any]) -> list[list[float]]:
    return [
        [min(box[0][0] for box in boxes), min(box[0][1] for box in boxes)],
        [max(box[1][0] for box in boxes), max(box[1][1] for box in boxes)],
    ]


def _page(sheet: folium.Map, title: str, subtitle: str) -> str:
    script, style = _leaflet()
    root = sheet.get_root()
    assert isinstance(root, Figure)
    root.title = escape(title)
    root.header.add_child(Element(f"<style>{style}{_LOOK}</style>"), name="look")
    root.header.add_child(Element(f"<script>{script}</script>"), name="leaflet")
    made = f"制图时间 {timezone.localtime():%Y-%m-%d %H:%M}"
    heading = f"<h1>{escape(title)}</h1><p>{escape(subtitle)}</p><p>{made}</p>"
    root.html.add_child(Element(f'<div class="sheet-title">{heading}</div>'), name="heading")
    page: str = root.render().replace("<html>", '<html lang="zh-CN">', 1)
    if _ADDRESS.search(page.replace(script, "")):  # Leaflet itself only names its home page
        raise RuntimeError("the map would load something from outside itself")
    return page


@cache
def _leaflet() -> tuple[str, str]:
    """Leaflet's script and style with its pictures inside."""
    found = find_spec("js_lib_leaflet")
    assert found is not None
    assert found.origin is not None
    folder = Path(found.origin).parent / "static" / "js_lib_leaflet"
    script = re.sub(r"//# sourceMappingURL=\S*", "", (folder / "leaflet.js").read_text(encoding="utf-8"))
    style = (folder / "leaflet.css").read_text(encoding="utf-8")

    def inside(match: re.Match[str]) -> str:
        name = match[1].strip("'\" ")
        if not name.startswith("images/"):
            return match[0]
        data = base64.b64encode((folder / name).read_bytes()).decode("ascii")
        return f"url(data:image/png;base64,{data})"

    return script.replace("</script", "<\\/script"), re.sub(r"url\(([^)]+)\)", inside, style)

/** Scale bar and cursor coordinates, in the map's lower corners. Refuses to measure: it only reads a position. */

import type OlMap from "ol/Map";
import { toLonLat } from "ol/proj";
import { count, lonLat, number } from "../format";
import { t } from "../i18n";
import { h, replace } from "../ui/dom";
import type { SurveyCrs } from "./crs";

const METRES_A_CSS_PIXEL = 0.0254 / 96;

export interface Scale {
  text: string;
  pixels: number;
  /** 1 : ratio, when a CSS pixel has its nominal size, as on paper. */
  ratio: number;
}

/** A round length of at most `room` pixels; `resolution` is Mercator metres a pixel at `latitude`. */
export function scaleFor(resolution: number, latitude: number, room = 120): Scale {
  const ground = resolution * Math.cos((latitude * Math.PI) / 180);
  const most = ground * room;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = ([5, 2, 1].find((factor) => factor * power <= most) ?? 1) * power;
  const text = metres >= 1000 ? `${count(metres / 1000)} ${t("kilometre")}` : `${number(metres, 0)} ${t("metre")}`;
  return { text, pixels: metres / ground, ratio: ground / METRES_A_CSS_PIXEL };
}

export function currentScale(map: OlMap, room?: number): Scale | null {
  const centre = map.getView().getCenter();
  const resolution = map.getView().getResolution();
  if (!centre || !resolution) return null;
  return scaleFor(resolution, toLonLat(centre)[1] ?? 0, room);
}

export function scaleBar(map: OlMap): HTMLElement {
  const bar = h("div", { class: "scalebar-line" });
  const label = h("span", { class: "scalebar-text" });
  const element = h("div", { class: "scalebar", attrs: { role: "img" } }, label, bar);
  const draw = (): void => {
    const scale = currentScale(map);
    if (!scale) return;
    bar.style.width = `${scale.pixels.toFixed(1)}px`;
    label.textContent = scale.text;
    element.setAttribute("aria-label", `${t("map.scale")} ${scale.text}`);
  };
  map.on("postrender", draw);
  return element;
}

export function coordinateReadout(map: OlMap, crs: SurveyCrs | null): HTMLElement {
  const element = h("output", { class: "coords", attrs: { "aria-label": t("coords.label") } }, t("coords.idle"));
  map.on("pointermove", (event) => {
    const [lon = 0, lat = 0] = toLonLat(event.coordinate);
    const survey = crs ? [surveyText(crs, lon, lat)] : [];
    replace(element, ...survey, h("span", { class: "coords-lonlat" }, lonLat(lon, lat)));
  });
  return element;
}

function surveyText(crs: SurveyCrs, lon: number, lat: number): HTMLElement {
  const { north, east } = crs.fromLonLat(lon, lat);
  return h(
    "span",
    { class: "coords-survey", title: `EPSG:${crs.epsg}` },
    `${t("coords.north", { value: north.toFixed(2) })}  ${t("coords.east", { value: east.toFixed(2) })}`,
  );
}

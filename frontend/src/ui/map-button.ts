/** The buttons over a map, each named and with its key. Refuses to know what they do. */

import type OlMap from "ol/Map";
import { t } from "../i18n";
import { gliding } from "../map/motion";
import { h } from "./dom";
import { icon, type IconName } from "./icons";

export function mapButton(name: IconName, label: string, click: () => void, key = ""): HTMLButtonElement {
  return h(
    "button",
    {
      type: "button",
      class: "map-button",
      title: key ? `${label}（${key}）` : label,
      ariaLabel: label,
      attrs: { "aria-keyshortcuts": key || null },
      on: { click },
    },
    icon(name),
  );
}

export function zoomButtons(map: OlMap): HTMLButtonElement[] {
  const view = map.getView();
  const by = (levels: number): void => view.animate({ zoom: (view.getZoom() ?? 0) + levels, duration: gliding(160) });
  return [mapButton("plus", t("map.zoom_in"), () => by(1), "+"), mapButton("minus", t("map.zoom_out"), () => by(-1), "-")];
}

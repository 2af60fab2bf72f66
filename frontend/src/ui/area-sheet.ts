/** The way from the map to the sheet of a parcel or of a drawn polygon. Refuses to compute: the page does. */

import { cookie } from "../api";
import type { Polygon } from "../geojson";
import { t } from "../i18n";
import { h } from "./dom";

/** A polygon is kept nowhere, so it goes along with the question, into a page of its own. */
export function sheetButton(geometry_4490: Polygon): HTMLElement {
  const hidden = (name: string, value: string): HTMLElement => h("input", { type: "hidden", name, value });
  return h(
    "form",
    { method: "post", action: "/evaluation/areas/drawn/", target: "_blank" },
    hidden("csrfmiddlewaretoken", cookie("csrftoken")),
    hidden("geometry", JSON.stringify(geometry_4490)),
    h("button", { type: "submit", class: "btn btn-primary" }, t("poly.sheet")),
  );
}

export function sheetLink(code: string): HTMLElement {
  const address = `/evaluation/areas/?area=${encodeURIComponent(`parcel:${code}`)}`;
  return h("p", {}, h("a", { href: address, target: "_blank" }, t("poly.sheet")));
}

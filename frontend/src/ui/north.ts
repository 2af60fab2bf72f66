/** The north arrow of maps and sheets. Refuses to turn: every map of ours has north above. */

import { t } from "../i18n";
import { h } from "./dom";

export function northArrow(): HTMLElement {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("viewBox", "0 0 24 36");
  svg.setAttribute("class", "north-arrow");
  for (const [points, fill] of [
    ["12,0 12,28 3,34", "#14222e"],
    ["12,0 12,28 21,34", "#ffffff"],
  ] as const) {
    const half = document.createElementNS(ns, "polygon");
    half.setAttribute("points", points);
    half.setAttribute("fill", fill);
    half.setAttribute("stroke", "#14222e");
    svg.append(half);
  }
  return h("div", { class: "north" }, h("span", {}, t("north")), svg);
}

/** Small coloured marks: a class's swatch as on the map, a finding's pill. Refuses colour without a word beside it. */

import { MISSING } from "../format";
import { t } from "../i18n";
import { fillStyle } from "../map/patterns";
import { FINDING_LOOKS, findingTitle, type ThemeClass } from "../themes";
import type { Finding } from "../types";
import { h } from "./dom";

export function swatch(
  look: Pick<ThemeClass, "fill" | "stroke" | "pattern" | "ink"> & { dash?: readonly number[] },
  width = 22,
  height = 14,
): HTMLElement {
  const ratio = Math.max(2, window.devicePixelRatio || 1);
  const canvas = h("canvas", {
    class: "swatch",
    width: width * ratio,
    height: height * ratio,
    attrs: { "aria-hidden": "true" },
  });
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  if (context) {
    context.fillStyle = fillStyle(look, ratio);
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.strokeStyle = look.stroke;
    context.lineWidth = ratio * (look.dash ? 1.5 : 1);
    context.setLineDash((look.dash ?? []).map((length) => (length * ratio) / 2));
    context.strokeRect(ratio / 2, ratio / 2, canvas.width - ratio, canvas.height - ratio);
  }
  return canvas;
}

/** The finding with its own mark; `title` is the server's wording where it sends one. */
export function findingPill(finding: Finding | null | undefined, title?: string): HTMLElement {
  if (!finding || !(finding in FINDING_LOOKS)) {
    return h("span", { class: "muted", title: t("missing.finding") }, MISSING);
  }
  const label = title || findingTitle(finding, true);
  return h(
    "span",
    { class: "pill", data: { finding }, title: title || findingTitle(finding) },
    swatch(FINDING_LOOKS[finding], 12, 12),
    h("span", {}, label),
  );
}

/** “—” with its reason. */
export function missing(why: string = t("missing.field")): HTMLElement {
  return h("span", { class: "muted", title: why }, MISSING);
}

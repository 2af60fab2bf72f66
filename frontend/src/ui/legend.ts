/** The legend: each class with its mark, count and land; choosing one filters map and list. Refuses to differ from the map. */

import { isChosen, type ClassCounts } from "../counts";
import { count, mu } from "../format";
import { t } from "../i18n";
import type { Filters } from "../state";
import type { Theme, ThemeClass } from "../themes";
import { h } from "./dom";
import { missing, swatch } from "./pills";

export interface LegendOptions {
  theme: Theme;
  filters: Filters;
  counts: ClassCounts | null;
  /** Sets the class's filter, or takes it off when it was on. */
  choose: (one: ThemeClass, on: boolean) => void;
}

export function legend({ theme, filters, counts, choose }: LegendOptions): HTMLElement {
  const anyChosen = theme.classes.some((one) => isChosen(filters, one));
  const row = (one: ThemeClass): HTMLElement => {
    const chosen = isChosen(filters, one);
    const cells = [
      swatch(one),
      h("span", { class: "legend-name" }, one.label),
      ...countCells(counts, one.key),
    ];
    const names = `legend-row${anyChosen && !chosen ? " is-off" : ""}`;
    if (!one.filter) return h("div", { class: names, data: { class: one.key } }, ...cells);
    return h(
      "button",
      {
        type: "button",
        class: names,
        title: t("legend.filter", { label: one.label }),
        data: { class: one.key },
        attrs: { "aria-pressed": String(chosen) },
        on: { click: () => choose(one, !chosen) },
      },
      ...cells,
    );
  };
  const other = counts?.get(theme.other.key);
  const rest = other && other.parcels === 0 ? [] : [theme.other];
  return h(
    "div",
    { class: "map-legend", data: { theme: theme.id } },
    h(
      "div",
      { class: "legend-row legend-head" },
      h("span", {}),
      h("span", { class: "legend-name" }, theme.unit),
      h("span", { class: "num" }, t("legend.parcels")),
      h("span", { class: "num" }, t("legend.area")),
    ),
    ...[...theme.classes, ...rest].map(row),
  );
}

export function lineLegend(): HTMLElement {
  const line = (kind: string, name: string): HTMLElement =>
    h("div", { class: "legend-row is-line" }, h("span", { class: `line-mark is-${kind}` }), h("span", {}, name));
  return h(
    "div",
    { class: "map-legend legend-lines" },
    line("control1", t("legend.control1")),
    line("control2", t("legend.control2")),
    line("town", t("legend.town")),
    line("platform", t("legend.platform")),
    line("county", t("legend.county")),
  );
}

function countCells(counts: ClassCounts | null, key: string): HTMLElement[] {
  const found = counts?.get(key);
  const cell = (text: string | null): HTMLElement => h("span", { class: "num" }, text ?? (counts ? missing() : ""));
  return [cell(found ? count(found.parcels) : null), cell(found ? mu(found.area_mu) : null)];
}

/**
 * A map sheet for paper: title, map, legend, scale, north, date. Refuses to print the screen's chrome, and says
 * “示意数据” on the sheet when the county's data is made up.
 */

import type OlMap from "ol/Map";
import { count, date } from "../format";
import { t } from "../i18n";
import { currentScale } from "../map/readout";
import { h, replace } from "./dom";
import { legend, lineLegend, type LegendOptions } from "./legend";
import { northArrow } from "./north";

export interface SheetFacts {
  county: string;
  demo: boolean;
  year: number | null;
  screenedOn: string | null;
  filters: string[];
  legend: LegendOptions;
  survey: string;
  overlays: HTMLElement[];
}

export interface Printer {
  print(): void;
}

/** `mapBox` holds the map; `sheet` is the frame around it that only paper shows. */
export function sheetPrinter(map: OlMap, mapBox: HTMLElement, sheet: HTMLElement, facts: () => SheetFacts): Printer {
  let back: { centre: number[] | undefined; zoom: number | undefined } | null = null;

  const lay = (): void => {
    if (back) return;
    const view = map.getView();
    const extent = view.calculateExtent(map.getSize());
    back = { centre: view.getCenter(), zoom: view.getZoom() };
    document.body.classList.add("is-sheet");
    map.updateSize();
    view.fit(extent);
    fill(sheet, map, facts());
    map.renderSync();
  };
  const restore = (): void => {
    if (!back) return;
    document.body.classList.remove("is-sheet");
    map.updateSize();
    const view = map.getView();
    if (back.centre) view.setCenter(back.centre);
    if (back.zoom !== undefined) view.setZoom(back.zoom);
    back = null;
  };

  // The browser's own menu gives no time to load: what is on the screen is laid out as it is.
  window.addEventListener("beforeprint", lay);
  window.addEventListener("afterprint", restore);
  return {
    print() {
      lay();
      mapBox.dataset["sheet"] = "waiting";
      const once = (): void => {
        window.clearTimeout(late);
        mapBox.dataset["sheet"] = "ready";
        window.print();
      };
      const late = window.setTimeout(() => (map.un("rendercomplete", once), once()), 4000);
      map.once("rendercomplete", once);
      map.render();
    },
  };
}

function fill(sheet: HTMLElement, map: OlMap, facts: SheetFacts): void {
  const scale = currentScale(map, 160);
  const bar = h("div", { class: "scalebar-line" });
  if (scale) bar.style.width = `${scale.pixels.toFixed(1)}px`;
  const notes = [
    t("print.crs") + (facts.survey ? `；${facts.survey}` : ""),
    t("print.unit", { county: facts.county }),
    facts.screenedOn ? t("print.data", { date: date(facts.screenedOn) }) : "",
    t("print.made", { date: today() }),
  ].filter(Boolean);
  const under = [
    t("print.theme", { theme: facts.legend.theme.title }),
    facts.year ? t("print.year", { year: facts.year }) : "",
    facts.filters.length ? t("print.filter", { filters: facts.filters.join("、") }) : "",
  ].filter(Boolean);
  replace(
    sheet,
    h(
      "header",
      {},
      h("h1", {}, t("print.title", { county: facts.county, app: t("app.title") })),
      h("p", {}, under.join("　")),
      facts.demo ? h("p", { class: "sheet-demo" }, t("print.demo")) : null,
    ),
    h(
      "aside",
      {},
      northArrow(),
      h("h2", {}, t("panel.legend")),
      legend(facts.legend),
      h("p", { class: "sheet-note" }, t("print.counts")),
      lineLegend(),
      ...facts.overlays,
      scale
        ? h(
            "div",
            { class: "sheet-scale" },
            h("span", { class: "scalebar-text" }, scale.text),
            bar,
            h("span", { class: "sheet-ratio" }, `1 : ${count(roundRatio(scale.ratio))}`),
          )
        : null,
    ),
    h("footer", {}, ...notes.map((note) => h("span", {}, note))),
  );
}

/** Three figures are all that a screen's pixel can promise. */
function roundRatio(ratio: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(ratio)) - 2);
  return Math.round(ratio / step) * step;
}

function today(): string {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

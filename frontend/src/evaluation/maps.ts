/** Entry of the page of maps: reads the county and the figures, then draws panels, legend and table. Refuses to class on the server's behalf. */

import "../styles/page.css";
import "../styles/atlas.css";
import "../styles/atlas-paper.css";
import "ol/ol.css";
import { ApiError } from "../api";
import type { FeatureCollection } from "../geojson";
import { count, MISSING, number } from "../format";
import { said, t } from "../i18n";
import { createStore } from "../store";
import type { ThemeClass } from "../themes";
import type { Town, Workspace } from "../types";
import { h, replace, settle } from "../ui/dom";
import { notice } from "../ui/notice";
import { swatch } from "../ui/pills";
import { areas, areasQuery, categories, outlines, type AreaRow, type AreasAnswer, type Cell } from "./api";
import { asAreas, categoryColumns, categoryLooks, categoryOf, elsewhere, isCategory, stacked } from "./categories";
import { classBounds, METHODS, readBounds } from "./classes";
import { button, choice, field, link, sources, toggles } from "./controls";
import { classLooks, hidden, lookOf, noData, plain } from "./looks";
import { panels, type PanelFacts } from "./panels";
import { open } from "./opening";
import { paperDuring } from "./paper";
import { CATEGORIES, FEWEST_CLASSES, INDICATORS, KINDS, MOST_CLASSES, MOST_YEARS, PAPERS, readMaps, writeMaps, type MapsView } from "./state";
import { dataTable, type TableColumn } from "./table";

const FIGURES = "view_firm_figures";
const PRINT_DOTS = 3; // a pixel of CSS is 1/96 inch: 288 dots an inch

function start(workspace: Workspace, root: HTMLElement): void {
  const cleared = workspace.actor.rights.includes(FIGURES);
  const whole = workspace.actor.town_codes === null;
  const kinds = KINDS.filter((kind) => kind === "town" || (kind === "parcel" ? cleared : whole));
  /** Categories are of parcels, which everybody may see by them. */
  const kindFor = ({ by, indicator }: MapsView): MapsView["by"] => (isCategory(indicator) ? "parcel" : kinds.includes(by) ? by : "town");
  const allowed = (view: MapsView): MapsView => ({ ...view, by: kindFor(view) });
  const store = createStore<MapsView>(allowed(readMaps(location.search)));
  let answer: AreasAnswer | null = null;
  /** The bounds that a person's own start from: the county's, else the natural ones. */
  let fixed: readonly number[] = [];
  let shapes: FeatureCollection<Town>[] = [];
  let towns: FeatureCollection<Town> = { type: "FeatureCollection", features: [] };

  const head = h("h2", { class: "atlas-title" });
  const under = h("p", { class: "atlas-under" });
  const bar = h("div", { class: "atlas-bar d-print-none" });
  const told = h("div", { class: "atlas-told", attrs: { role: "status" } });
  const legend = h("aside", { class: "atlas-legend" });
  const foot = h("div", {});
  const rowOf = (code: string): AreaRow | null => (code ? (answer?.rows.find((row) => row.code === code) ?? null) : null);
  const light = (code: string): void => {
    maps.light(code);
    table.mark(rowOf(code));
  };
  const table = dataTable<AreaRow>(t("atlas.table"), { hovered: (row) => maps.light(row?.code ?? "") });
  const maps = panels(workspace, light, light);
  const demo = workspace.county.is_demo ? h("p", { class: "atlas-demo" }, t("print.demo")) : null;
  replace(root, bar, told, h("section", { class: "atlas-sheet" }, h("header", {}, head, under, demo), h("div", { class: "atlas-body" }, maps.element, legend), foot), h("section", { class: "atlas-data" }, h("h2", {}, t("atlas.table")), table.element));

  const years = (): number[] => answer?.years.map(({ year }) => year) ?? store.get().years;
  const unit = (): string => {
    const { indicator } = store.get();
    return isCategory(indicator) ? t(`atlas.ind.${indicator}`) : t(`atlas.unit.${indicator}`);
  };
  const cellsOf = (row: AreaRow): (Cell | null)[] => row.cells;

  const drawBar = (): void => {
    const view = store.get();
    const set = (patch: Partial<MapsView>): void => store.set(patch);
    const pickYear = (text: string): void => {
      const year = Number(text);
      const now = years();
      const next = now.includes(year) ? now.filter((one) => one !== year) : [...now, year].sort().slice(-MOST_YEARS);
      if (next.length) set({ years: next });
    };
    const typed = h("input", {
      class: "form-control form-control-sm",
      value: fixed.join(","),
      title: t("atlas.bounds.hint"),
      on: {
        change: () => {
          const right = readBounds(typed.value) !== null;
          typed.setCustomValidity(right ? "" : t("atlas.bounds.wrong"));
          if (!right) return void typed.reportValidity();
          set({ bounds: typed.value });
        },
      },
    });
    const steps = Array.from({ length: MOST_CLASSES - FEWEST_CLASSES + 1 }, (_, index) => String(index + FEWEST_CLASSES));
    const category = isCategory(view.indicator);
    // Years on record differ between figures, grades and lists: what was chosen for one isn't kept for another.
    const pickIndicator = (indicator: MapsView["indicator"]): void =>
      set({ indicator, bounds: "", by: kindFor({ ...view, indicator }), ...(category || isCategory(indicator) ? { years: [], place: null } : {}) });
    replace(
      bar,
      choice(t("atlas.by"), (category ? (["parcel"] as const) : kinds).map((kind) => [kind, t(`atlas.by.${kind}`)]), view.by, (by) => set({ by: by as MapsView["by"], place: null })),
      view.by === "parcel"
        ? choice(t("atlas.town"), [["", t("atlas.town.all")], ...workspace.towns.map((town) => [town.code, town.name] as const)], view.town, (town) => set({ town, place: null }))
        : null,
      choice(t("atlas.indicator"), [...INDICATORS, ...CATEGORIES].map((code) => [code, t(`atlas.ind.${code}`)]), view.indicator, (code) => pickIndicator(code as MapsView["indicator"])),
      category ? null : choice(t("atlas.method"), METHODS.map((method) => [method, t(`atlas.method.${method}`)]), view.method, (method) => set({ method: method as MapsView["method"] })),
      category
        ? null
        : view.method === "fixed"
          ? field(t("atlas.bounds"), typed)
          : choice(t("atlas.classes"), steps.map((step) => [step, step]), String(view.classes), (step) => set({ classes: Number(step) })),
      toggles(t("atlas.years"), workspace.years.map((year) => [String(year), String(year)]), years().map(String), pickYear),
      h("span", { class: "atlas-space" }),
      button(t("atlas.home"), () => (maps.home(), set({ place: null })), "btn-outline-secondary"),
      root.dataset["export"] === "true" ? link(t("atlas.excel"), `/evaluation/maps/table.xlsx?${areasQuery(view.by, view.indicator, years(), view.town)}`) : null,
      choice(t("atlas.paper"), PAPERS.map((paper) => [paper, paper]), view.paper, (paper) => set({ paper: paper as MapsView["paper"] })),
      button(t("atlas.print"), () => void paper.print(), "btn-primary"),
    );
  };

  const draw = (): void => {
    if (!answer) return drawBar();
    const view = store.get();
    const { rows, fewest, classes, bases } = answer;
    const values = rows.filter(({ code }) => code).flatMap(({ cells }) => cells.flatMap((cell) => cell?.value ?? []));
    const usual = view.indicator === "tax_per_mu" ? workspace.tax_per_mu_classes : undefined;
    fixed = readBounds(view.bounds) ?? usual ?? classBounds(values, "natural", view.classes, []);
    drawBar();
    const bounds = classBounds(values, view.method, view.classes, fixed);
    const looks = classes ? categoryLooks(classes).reverse() : classLooks(bounds);
    const [none, concealed] = [noData(), classes ? elsewhere() : hidden(fewest)];
    const byCode = new Map(rows.map((row) => [row.code, row]));
    const lookAt = (code: string, at: number): ThemeClass => {
      const cell = byCode.get(code)?.cells[at];
      return classes ? categoryOf(cell, looks, none, concealed) : lookOf(cell, bounds, looks, none, concealed);
    };
    const figure = (cell: Cell | null | undefined): string => {
      if (classes && cell && !cell.restricted) return categoryOf(cell, looks, none, concealed).label;
      return cell?.restricted ? t("atlas.hidden.short") : cell?.value == null ? MISSING : number(cell.value, 2);
    };
    const facts = answer.years.map(({ year, computed }, at): PanelFacts => ({
      year,
      computed,
      missing: t(classes ? "atlas.cat.missing" : "atlas.uncomputed", { year }),
      outlines: stacked(shapes[at] ?? { type: "FeatureCollection", features: [] }, (code) => lookAt(code, at), looks),
      lookOf: (code) => lookAt(code, at),
      figureOf: (code) => (view.by === "town" ? figure(byCode.get(code)?.cells[at]) : ""),
      told: (code) => {
        const row = byCode.get(code);
        return row ? t("atlas.readout", { name: row.name, value: figure(row.cells[at]), unit: classes ? (row.cells[at]?.firm ?? "") : unit() }).trim() : "";
      },
      labels: view.by === "town" || view.by === "platform",
      tiled: view.by === "town",
    }));
    maps.show(facts, view.by === "town" ? { type: "FeatureCollection", features: [] } : towns, view.by === "parcel" && view.town !== "");
    if (view.place) maps.goTo(view.place);
    else maps.home();
    head.textContent = `${workspace.county.name}${t("atlas.between")}${t(`atlas.ind.${view.indicator}`)}（${t(`atlas.by.${view.by}`)}）`;
    under.textContent = (bases ?? [years().join("、"), unit(), t(`atlas.method.${view.method}`)]).join("　");
    drawLegend(looks, none, concealed, lookAt);
    drawTable(figure);
    const rule = answer.years.find(({ rule_version }) => rule_version)?.rule_version;
    const from = isCategory(view.indicator) ? [t("atlas.cat.source")] : [t(`atlas.formula.${view.indicator}`), t("atlas.source"), rule ? t("atlas.rule", { version: said(rule) }) : ""];
    replace(foot, sources(from.filter(Boolean)));
  };

  const drawLegend = (looks: ThemeClass[], none: ThemeClass, concealed: ThemeClass, lookAt: (code: string, at: number) => ThemeClass): void => {
    const now = answer;
    if (!now) return;
    const coded = now.rows.filter(({ code }) => code);
    const counts = now.years.map((_, at) => {
      const found = new Map<string, number>();
      for (const { code, cells } of coded) if (cells[at]) found.set(lookAt(code, at).key, (found.get(lookAt(code, at).key) ?? 0) + 1);
      return found;
    });
    const used = [...[...looks].reverse(), concealed, ...(now.classes ? [] : [none])].filter(({ key }, index) => index < looks.length || counts.some((found) => found.get(key)));
    replace(
      legend,
      h("h3", {}, t("atlas.legend"), h("small", {}, t("atlas.legend.common"))),
      h(
        "table",
        {},
        h("thead", {}, h("tr", {}, h("th", { attrs: { colspan: 2 } }, unit()), ...now.years.map(({ year }) => h("th", { class: "num", title: t("atlas.counts", { year }) }, String(year))))),
        h(
          "tbody",
          {},
          ...used.map((one) =>
            h("tr", { data: { class: one.key } }, h("td", {}, swatch(one)), h("td", {}, one.label), ...counts.map((found) => h("td", { class: "num" }, count(found.get(one.key) ?? 0)))),
          ),
        ),
      ),
      now.county
        ? h("p", { class: "atlas-county" }, h("b", {}, t("atlas.county")), ...now.county.map((cell, at) => h("span", {}, `${now.years[at]?.year ?? ""}：`, h("b", {}, cell?.restricted ? t("atlas.hidden.short") : cell?.value == null ? MISSING : plain(Number(cell.value.toFixed(2)))))))
        : null,
    );
  };

  const drawTable = (figure: (cell: Cell | null | undefined) => string): void => {
    if (!answer) return;
    const { by, indicator } = store.get();
    const columns: TableColumn<AreaRow>[] = [
      { title: t(by === "parcel" ? "atlas.table.code" : "atlas.table.name"), value: (row) => row.name },
      ...(by === "parcel" ? [{ title: t("atlas.table.town"), value: (row: AreaRow) => row.town }] : []),
      ...(isCategory(indicator) ? categoryColumns(answer, indicator, figure) : answer.years.map(({ year }, at): TableColumn<AreaRow> => ({
        title: `${t("atlas.year", { year })}（${unit()}）`,
        value: (row) => cellsOf(row)[at]?.value ?? null,
        digits: 2,
        blank: (row) => figure(cellsOf(row)[at]),
      }))),
    ];
    const last = answer.years.length - 1;
    const newest = answer.years[last]?.year ?? "";
    columns.push({ title: `${t("atlas.table.land")} ${newest}`, value: (row) => row.cells[last]?.land_mu ?? null, digits: 2 });
    if (by !== "parcel") columns.push({ title: `${t("atlas.table.firms")} ${newest}`, value: (row) => row.cells[last]?.firms ?? null, digits: 0 });
    table.show(columns, answer.rows);
  };

  let asking = 0;
  const read = async (): Promise<void> => {
    const turn = (asking += 1);
    const { by, indicator, years: wanted, town } = store.get();
    root.dataset["state"] = "reading";
    replace(told, h("p", { class: "waiting" }, t("atlas.loading")));
    try {
      const category = isCategory(indicator);
      const found = category ? asAreas(await categories(indicator, wanted, town)) : await areas(by, indicator, wanted, town);
      const drawn = await Promise.all(found.years.map(({ year }) => outlines(by, year, town, !category)));
      const newest = found.years.at(-1)?.year;
      const borders = by !== "town" && newest ? await outlines("town", newest) : towns;
      if (turn !== asking) return;
      [answer, shapes, towns] = [found, drawn, borders];
      replace(told, found.rows.length ? null : h("p", {}, t("atlas.empty")));
      draw();
      root.dataset["state"] = "ready";
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (turn !== asking) return;
      replace(told, notice(error.status ? error.message : t("error.load"), () => void read()));
      drawBar();
      root.dataset["state"] = "failed";
    }
  };

  const paper = paperDuring({
    size: () => store.get().paper,
    lay: () => maps.redraw(PRINT_DOTS),
    restore: () => maps.redraw(window.devicePixelRatio || 1),
  });

  let returning = false;
  const keep = (push: boolean): void => {
    if (returning) return;
    const address = location.pathname + writeMaps(store.get());
    if (push) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
  };
  store.watch(({ by, indicator, years: of, town }) => [by, indicator, of, town], () => void read());
  store.watch(({ method, classes, bounds, paper: size }) => [method, classes, bounds, size], draw);
  store.subscribe((next, previous) => keep(writeMaps({ ...next, place: null }) !== writeMaps({ ...previous, place: null })));
  const moved = settle(() => !paper.laid() && store.set({ place: maps.place() }), 250);
  maps.element.addEventListener("wheel", moved, { passive: true });
  maps.element.addEventListener("pointerup", moved);
  maps.element.addEventListener("keyup", moved);
  window.addEventListener("popstate", () => {
    returning = true;
    store.set(allowed(readMaps(location.search)));
    returning = false;
    draw();
  });
}

open(start);

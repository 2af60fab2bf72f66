/** Entry of the page of charts: one card a plot, with its table, its files and its notes. Refuses to ask for what the person may not see. */

import "../styles/page.css";
import "../styles/atlas.css";
import "../styles/atlas-paper.css";
import { ApiError } from "../api";
import { count, percent } from "../format";
import { said, t } from "../i18n";
import { createStore } from "../store";
import type { Workspace } from "../types";
import { h, replace } from "../ui/dom";
import { notice } from "../ui/notice";
import { histogram, lorenz, mosaic, ranking, scatter, type Firm, type Mosaic } from "./api";
import { plotIn, type Option, type Plot } from "./chart";
import { button, choice, link, sources, toggles } from "./controls";
import { histogramOption, lorenzOption, mosaicOption, onPaper, rankingOption, scatterOption } from "./options";
import { open } from "./opening";
import { paperDuring } from "./paper";
import { INDICATORS, PAPERS, readCharts, WEIGHTS, writeCharts, type ChartsView } from "./state";
import { dataTable, type TableColumn } from "./table";

const FIGURES = "view_firm_figures";
const PLOTS = ["mosaic", "scatter", "lorenz", "ranking", "histogram"] as const;
type PlotName = (typeof PLOTS)[number];
const OF_INDICATOR: readonly PlotName[] = ["ranking", "histogram"];

interface Drawn {
  /** Null where there is nothing to draw. */
  option: Option | null;
  notes: string[];
  columns: TableColumn<unknown>[];
  rows: readonly unknown[];
}

interface Card {
  element: HTMLElement;
  read(): Promise<void>;
  resize(): void;
}

function start(workspace: Workspace, root: HTMLElement): void {
  const cleared = workspace.actor.rights.includes(FIGURES);
  const whole = workspace.actor.town_codes === null;
  const names = PLOTS.filter((name) => (name === "scatter" ? cleared : name === "mosaic" ? whole : true));
  const store = createStore<ChartsView>(readCharts(location.search));
  const year = (): number => store.get().year ?? workspace.year ?? new Date().getFullYear() - 1;
  const bar = h("div", { class: "atlas-bar d-print-none" });
  const head = h("h2", { class: "atlas-title" });
  const foot = h("div", {});
  const mayExport = root.dataset["export"] === "true";

  const reads: Record<PlotName, () => Promise<Drawn>> = {
    mosaic: async () => mosaicDrawn(await mosaic(year()), store.get().weight),
    scatter: async () => scatterDrawn(await scatter(year()), workspace.tax_per_mu_classes ?? []),
    lorenz: async () => {
      const found = await lorenz(year());
      const rows = found.curves.flatMap(({ name, gini, base, amount }) => base.map((share, index) => ({ name, gini, base: share, amount: amount[index] ?? 0 })));
      return drawn(found.curves.length ? lorenzOption(found) : null, [t(found.by_tenths ? "atlas.note.lorenz.tenths" : "atlas.note.lorenz", { n: count(found.firms) })], rows, [
        { title: t("atlas.curve"), value: (row) => t(`atlas.curve.${row.name}`) },
        { title: t("atlas.gini"), value: (row) => row.gini, digits: 3 },
        { title: t("atlas.base"), value: (row) => row.base * 100, digits: 2 },
        { title: t("atlas.amount"), value: (row) => row.amount * 100, digits: 2 },
      ]);
    },
    ranking: async () => {
      const { indicator } = store.get();
      const found = await ranking(year(), indicator);
      return drawn(found.places.length ? rankingOption(found, indicator) : null, [t("atlas.note.ranking")], found.places, [
        { title: t("atlas.place"), value: (row) => row.place, digits: 0 },
        { title: t("atlas.by.town"), value: (row) => row.name },
        { title: t(`atlas.unit.${indicator}`), value: (row) => row.cell?.value ?? null, digits: 2, blank: (row) => t(row.cell?.restricted ? "atlas.hidden.short" : "atlas.none") },
        { title: t("atlas.table.land"), value: (row) => row.cell?.land_mu ?? null, digits: 2 },
        { title: t("atlas.table.firms"), value: (row) => row.cell?.firms ?? null, digits: 0 },
      ]);
    },
    histogram: async () => {
      const { indicator } = store.get();
      const found = await histogram(year(), indicator);
      const notes = [t("atlas.note.histogram", { n: count(found.firms) }), ...(found.quantiles ? [] : [t("atlas.note.histogram.merged", { n: found.fewest })])];
      return drawn(found.bins.length ? histogramOption(found, indicator) : null, notes, found.bins, [
        { title: t("atlas.lower"), value: (row) => row.lower, digits: 2 },
        { title: t("atlas.upper"), value: (row) => row.upper, digits: 2, blank: () => t("atlas.open") },
        { title: t("atlas.firms"), value: (row) => row.firms, digits: 0 },
      ]);
    },
  };

  const cards = new Map(names.map((name) => [name, card(name, reads[name], store.get().tables.includes(name), (open) => {
    const others = store.get().tables.filter((one) => one !== name);
    store.set({ tables: open ? [...others, name] : others });
  }, () => (mayExport ? `/evaluation/charts/table.xlsx?${new URLSearchParams({ plot: name, year: String(year()), indicator: store.get().indicator }).toString()}` : null))]));
  const demo = workspace.county.is_demo ? h("p", { class: "atlas-demo" }, t("print.demo")) : null;
  replace(root, bar, h("section", { class: "atlas-sheet" }, h("header", {}, head, demo), h("div", { class: "atlas-charts" }, ...[...cards.values()].map(({ element }) => element)), foot));

  const drawBar = (): void => {
    const view = store.get();
    replace(
      bar,
      choice(t("atlas.years"), [...workspace.years].reverse().map((one) => [String(one), t("atlas.year", { year: one })]), String(year()), (text) => store.set({ year: Number(text) })),
      choice(t("atlas.indicator"), INDICATORS.map((code) => [code, t(`atlas.ind.${code}`)]), view.indicator, (code) => store.set({ indicator: code as ChartsView["indicator"] })),
      whole ? toggles(t("atlas.weight"), WEIGHTS.map((one) => [one, t(`atlas.weight.${one}`)]), [view.weight], (one) => store.set({ weight: one as ChartsView["weight"] })) : null,
      h("span", { class: "atlas-space" }),
      choice(t("atlas.paper"), PAPERS.map((one) => [one, one]), view.paper, (one) => store.set({ paper: one as ChartsView["paper"] })),
      button(t("atlas.print"), () => void paper.print(), "btn-primary"),
    );
    head.textContent = `${workspace.county.name}${t("atlas.between")}${t("atlas.charts")}　${t("atlas.year", { year: year() })}`;
    for (const name of OF_INDICATOR) {
      const title = cards.get(name)?.element.querySelector("h2");
      if (title) title.textContent = `${t(`atlas.plot.${name}`)}：${t(`atlas.ind.${view.indicator}`)}`;
    }
    replace(foot, sources([t(`atlas.formula.${view.indicator}`), t("atlas.source")]));
  };
  const readAll = async (which: readonly PlotName[]): Promise<void> => {
    root.dataset["state"] = "reading";
    await Promise.all(which.map((name) => cards.get(name)?.read()));
    root.dataset["state"] = "ready";
  };
  const resize = (): void => cards.forEach((one) => one.resize());
  const paper = paperDuring({ size: () => store.get().paper, lay: resize, restore: resize });
  window.addEventListener("resize", resize);

  let returning = false;
  let first = true;
  store.watch(({ year: of }) => [of], () => void readAll(names));
  store.watch(({ indicator }) => indicator, () => {
    if (!first) void readAll(OF_INDICATOR);
  });
  store.watch(({ weight }) => weight, () => {
    if (!first && whole) void readAll(["mosaic"]);
    first = false;
  });
  store.watch(({ year: of, indicator, weight, paper: size }) => [of, indicator, weight, size], drawBar);
  store.subscribe((next) => !returning && history.pushState(null, "", location.pathname + writeCharts(next)));
  window.addEventListener("popstate", () => {
    returning = true;
    store.set(readCharts(location.search));
    returning = false;
  });
}

function card(name: PlotName, read: () => Promise<Drawn>, opened: boolean, toggled: (open: boolean) => void, file: () => string | null): Card {
  const notes = h("p", {});
  const surface = h("div", { class: "atlas-plot", data: { plot: name } });
  const tools = h("div", { class: "d-print-none d-flex gap-1 flex-wrap justify-content-end" });
  const table = dataTable<unknown>(t("atlas.table"));
  const details = h("details", { class: "d-print-none", open: opened }, h("summary", {}, t("atlas.table")), table.element);
  details.addEventListener("toggle", () => details.open !== opened && ((opened = details.open), toggled(opened)));
  const element = h("article", { class: "atlas-card" }, h("header", {}, h("div", {}, h("h2", {}, t(`atlas.plot.${name}`)), notes), tools), surface, details);
  let plot: Plot | null = null;
  let turn = 0;
  const blank = (...inside: (HTMLElement | string)[]): void => {
    surface.classList.add("is-empty");
    plot = null;
    delete surface.dataset["drawn"];
    replace(surface, ...inside);
  };
  return {
    element,
    async read() {
      const mine = (turn += 1);
      try {
        const found = await read();
        if (mine !== turn) return;
        notes.textContent = found.notes.join(" ");
        table.show(found.columns, found.rows);
        const address = file();
        replace(tools, address ? link(t("atlas.excel"), address) : null, found.option ? button(t("atlas.svg"), () => plot && save(plot.svg(), `${name}.svg`), "btn-outline-secondary") : null);
        if (!found.option) return blank(t("atlas.empty"));
        if (!plot) {
          surface.classList.remove("is-empty");
          replace(surface);
          plot = plotIn(surface, t(`atlas.plot.${name}`));
        }
        plot.show(found.option);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (mine !== turn) return;
        replace(tools);
        notes.textContent = "";
        table.show([], []);
        blank(notice(error.status ? error.message : t("error.load")));
      }
    },
    resize: () => plot?.resize(),
  };
}

function mosaicDrawn(found: Mosaic, weight: ChartsView["weight"]): Drawn {
  const grades = found.grades.length;
  const rows = [...found.groups.map((group) => said(group) || t("atlas.group.none")), t("atlas.total")].map((name, at) => ({ name, at }));
  const columns: TableColumn<{ name: string; at: number }>[] = [{ title: t("atlas.group"), value: (row) => row.name }];
  for (let grade = 0; grade <= grades; grade += 1) {
    const title = grade === grades ? t("atlas.total") : found.grades[grade] || t("atlas.grade.none");
    columns.push({ title: `${title}（${t("unit.firms")}）`, value: (row) => found.firms[row.at]?.[grade] ?? null, digits: 0 });
    columns.push({ title: `${title}（${t("unit.mu")}）`, value: (row) => found.land_mu[row.at]?.[grade] ?? null, digits: 2, blank: () => t("atlas.hidden.short") });
    columns.push({
      title: `${title}（${t("atlas.share")}）`,
      value: (row) => {
        const [part, all] = [found.firms[row.at]?.[grade], found.firms[row.at]?.[grades]];
        return part === undefined || !all ? null : percent(part / all, 1);
      },
    });
  }
  if (!found.groups.length) return drawn(null, [t("atlas.note.mosaic.none")], [], columns);
  return drawn(mosaicOption(found, weight), [t("atlas.note.mosaic", { scheme: found.scheme, state: said(found.state) })], rows, columns);
}

function scatterDrawn({ grades, firms }: { grades: string[]; firms: readonly Firm[] }, lines: readonly number[]): Drawn {
  const left = firms.filter((firm) => !onPaper(firm)).length;
  const notes = [t("atlas.note.scatter"), ...(left ? [t("atlas.note.scatter.left", { n: count(left) })] : [])];
  return drawn(firms.some(onPaper) ? scatterOption(firms, grades, lines) : null, notes, firms, [
    { title: t("atlas.firm"), value: (firm) => firm.name },
    { title: t("atlas.uscc"), value: (firm) => firm.uscc },
    { title: t("atlas.by.town"), value: (firm) => firm.town },
    { title: t("atlas.industry"), value: (firm) => firm.industry },
    { title: t("atlas.tax"), value: (firm) => firm.tax_wan, digits: 2 },
    { title: t("atlas.land"), value: (firm) => firm.land_mu, digits: 2 },
    { title: t("atlas.unit.tax_per_mu"), value: (firm) => (firm.land_mu && firm.tax_wan !== null ? firm.tax_wan / firm.land_mu : null), digits: 2 },
    { title: t("atlas.grade"), value: (firm) => firm.grade, blank: () => t("atlas.grade.none") },
  ]);
}

/** The table's rows are known where they are made; beyond that nobody asks what they are. */
function drawn<R>(option: Option | null, notes: string[], rows: readonly R[], columns: TableColumn<R>[]): Drawn {
  return { option, notes, rows, columns: columns as TableColumn<unknown>[] };
}

function save(svg: string, name: string): void {
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  const away = h("a", { href: address, attrs: { download: name } });
  away.click();
  URL.revokeObjectURL(address);
}

open(start);

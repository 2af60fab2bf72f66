/** The parcels as rows, linked with the map both ways. Refuses to sort or filter itself: the server does, over all of them. */

import { count, mu, MISSING, parcelCode, perMu } from "../format";
import { said, t, type Key } from "../i18n";
import type { Moment, ViewState } from "../state";
import type { Store } from "../store";
import type { ParcelItem, ParcelPage, Workspace } from "../types";
import { h, replace } from "./dom";
import { icon } from "./icons";
import { notice } from "./notice";
import { findingPill, missing } from "./pills";

export const PAGE_SIZE = 50;

interface Column {
  key: string;
  title: Key;
  sort: string | null;
  unit?: Key;
  num?: boolean;
  cell(item: ParcelItem): Node | string;
}

export interface ListOptions {
  store: Store<ViewState>;
  moment: Store<Moment>;
  workspace: Workspace;
  mayFigures: boolean;
  open(code: string): void;
}

export interface ParcelList {
  element: HTMLElement;
  summary: HTMLElement;
  loading(): void;
  show(page: ParcelPage): void;
  fail(message: string, retry: () => void): void;
  item(code: string): ParcelItem | undefined;
}

export function parcelList(options: ListOptions): ParcelList {
  const { store, moment } = options;
  const columns = columnsFor(options);
  const head = h("thead");
  const body = h("tbody");
  const table = h("table", { class: "list-table", ariaLabel: t("list.label") }, head, body);
  const scroller = h("div", { class: "list-scroll" }, table);
  const message = h("div", { class: "list-message", hidden: true });
  const pager = h("nav", { class: "pager", ariaLabel: t("list.label") });
  const summary = h("span", { class: "list-summary", attrs: { "aria-live": "polite" } });
  let items: ParcelItem[] = [];

  const rows = (): HTMLTableRowElement[] => [...body.querySelectorAll("tr")];
  const rowOf = (code: string): HTMLTableRowElement | undefined => rows().find((row) => row.dataset["code"] === code);

  const mark = (name: string, code: string): void => {
    for (const row of rows()) row.classList.toggle(name, code !== "" && row.dataset["code"] === code);
  };
  const markSelected = (code: string): void => {
    mark("is-selected", code);
    for (const row of rows()) row.setAttribute("aria-selected", String(row.dataset["code"] === code));
    reveal();
  };
  const reveal = (): void => {
    const row = rowOf(store.get().sel);
    // Only the list scrolls: in a small window scrollIntoView would take the map out of sight.
    if (row) scroller.scrollTop = nearest(scroller, row, head.offsetHeight);
  };
  // The detail panel takes width, the filters wrap, and the list grows shorter: the chosen row stays in sight.
  new ResizeObserver(reveal).observe(scroller);

  const drawHead = (): void => replace(head, h("tr", {}, ...columns.map((column) => headCell(column, store))));

  const drawRow = (item: ParcelItem, index: number): HTMLTableRowElement =>
    h(
      "tr",
      {
        tabIndex: index === 0 ? 0 : -1,
        data: { code: item.code },
        ariaLabel: t("list.open", { code: item.code }),
        on: {
          click: () => options.open(item.code),
          mouseenter: () => moment.set({ hover: item.code }),
          mouseleave: () => moment.set({ hover: "" }),
          focus: () => moment.set({ hover: item.code }),
        },
      },
      ...columns.map((column) =>
        h("td", { class: `col-${column.key}${column.num ? " num" : ""}` }, column.cell(item)),
      ),
    );

  body.addEventListener("keydown", (event) => moveInRows(event, rows(), options.open));
  moment.watch((state) => state.hover, (code) => mark("is-hover", code));
  store.watch((state) => state.sel, markSelected);
  store.watch((state) => state.sort, drawHead);

  const say = (...content: (Node | string)[]): void => {
    replace(message, ...content);
    message.hidden = false;
    table.hidden = true;
  };

  return {
    element: h("div", { class: "list-body" }, scroller, message, pager),
    summary,
    loading() {
      if (items.length) scroller.classList.add("is-stale");
      else say(t("list.loading"));
    },
    show(page) {
      items = page.items;
      scroller.classList.remove("is-stale");
      message.hidden = page.total > 0;
      table.hidden = page.total === 0;
      replace(summary, t("list.summary", { n: count(page.total), mu: mu(page.area_mu) }));
      replace(body, ...items.map(drawRow));
      scroller.scrollTop = 0;
      markSelected(store.get().sel);
      drawPager(pager, page, store);
      if (page.total === 0) say(h("strong", {}, t("list.empty")), h("span", {}, t("list.empty.hint")));
    },
    fail(text, retry) {
      items = [];
      replace(body);
      replace(pager);
      replace(summary);
      scroller.classList.remove("is-stale");
      say(notice(text, retry));
    },
    item: (code) => items.find((one) => one.code === code),
  };
}

function columnsFor({ workspace, mayFigures }: ListOptions): Column[] {
  const townNames = new Map(workspace.towns.map((town) => [town.code, town.name]));
  const landNames = new Map(workspace.land_classes.map((land) => [land.code, land.name]));
  const text = (value: string | null | undefined): Node | string =>
    value ? h("span", { title: value }, value) : missing();
  const figure = (value: string, why: string): Node | string => (value === MISSING ? missing(why) : value);
  const all: (Column | false)[] = [
    { key: "code", title: "col.code", sort: "code", cell: (item) => h("span", { class: "mono" }, parcelCode(item.code)) },
    { key: "holder", title: "col.holder", sort: null, cell: (item) => text(item.holder) },
    {
      key: "town",
      title: "col.town",
      sort: "town",
      cell: (item) => text(item.town_name ?? townNames.get(item.town_code ?? "")),
    },
    { key: "location", title: "col.location", sort: null, cell: (item) => text(item.location) },
    { key: "land", title: "col.land", sort: null, cell: (item) => text(said(landNames.get(item.land_class_code ?? "")) ?? item.land_class_code) },
    { key: "area", title: "col.area", unit: "unit.mu", sort: "area_mu", num: true, cell: (item) => figure(mu(item.area_mu), t("missing.field")) },
    mayFigures && {
      key: "tax",
      title: "col.tax",
      unit: "unit.wan_per_mu",
      sort: "tax_per_mu",
      num: true,
      cell: (item) => figure(perMu(item.tax_per_mu), t("missing.tax")),
    },
    { key: "finding", title: "col.finding", sort: null, cell: (item) => findingPill(item.finding) },
  ];
  return all.filter((column): column is Column => column !== false);
}

function headCell(column: Column, store: Store<ViewState>): HTMLElement {
  const title = t(column.title);
  const { sort } = store.get();
  const current = column.sort !== null && sort.replace(/^-/, "") === column.sort;
  const falling = current && sort.startsWith("-");
  const unit = column.unit ? h("span", { class: "col-unit" }, t(column.unit)) : null;
  const content =
    column.sort === null
      ? h("span", {}, title, unit)
      : h(
          "button",
          {
            type: "button",
            class: "sort",
            title: t("list.sort", { title }),
            on: { click: () => store.set({ sort: nextSort(sort, column.sort ?? "", column.num), page: 1 }) },
          },
          title,
          unit,
          current ? icon(falling ? "chevronDown" : "chevronUp") : null,
        );
  return h(
    "th",
    {
      class: `col-${column.key}${column.num ? " num" : ""}`,
      attrs: { scope: "col", "aria-sort": current ? (falling ? "descending" : "ascending") : null },
    },
    content,
  );
}

/** Figures start with the largest, text with the first; a second press turns the order round. */
export function nextSort(sort: string, key: string, figures = false): string {
  if (sort === key) return `-${key}`;
  if (sort === `-${key}`) return key;
  return figures ? `-${key}` : key;
}

function nearest(scroller: HTMLElement, row: HTMLElement, head: number): number {
  const highest = row.offsetTop + row.offsetHeight - scroller.clientHeight;
  return Math.min(Math.max(scroller.scrollTop, highest), row.offsetTop - head);
}

function drawPager(pager: HTMLElement, page: ParcelPage, store: Store<ViewState>): void {
  const pages = Math.max(1, Math.ceil(page.total / PAGE_SIZE));
  const step = (by: number, name: "chevronLeft" | "chevronRight", key: Key): HTMLElement =>
    h(
      "button",
      {
        type: "button",
        class: "icon-button",
        ariaLabel: t(key),
        title: t(key),
        disabled: page.page + by < 1 || page.page + by > pages,
        on: { click: () => store.set({ page: page.page + by }) },
      },
      icon(name),
    );
  pager.hidden = pages <= 1;
  replace(
    pager,
    step(-1, "chevronLeft", "list.prev"),
    h("span", {}, t("list.page", { page: page.page, pages })),
    step(1, "chevronRight", "list.next"),
  );
}

function moveInRows(event: KeyboardEvent, rows: HTMLTableRowElement[], open: (code: string) => void): void {
  const at = rows.findIndex((row) => row === document.activeElement);
  if (at < 0) return;
  const target = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    open(rows[at]?.dataset["code"] ?? "");
  } else if (target !== undefined) {
    event.preventDefault();
    const next = rows[Math.min(Math.max(target, 0), rows.length - 1)];
    for (const row of rows) row.tabIndex = row === next ? 0 : -1;
    next?.focus();
  }
}

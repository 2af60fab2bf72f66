/** The data behind a picture as a table: sorted by any column, long ones a part at a time. Refuses figures of its own. */

import { count, MISSING, number } from "../format";
import { t } from "../i18n";
import { h, replace } from "../ui/dom";

export interface TableColumn<R> {
  title: string;
  value: (row: R) => number | string | null;
  /** Decimals of a number; without, the column is text. */
  digits?: number;
  /** What stands for a value that isn't there. */
  blank?: (row: R) => string;
}

export interface DataTable<R> {
  element: HTMLElement;
  show(columns: TableColumn<R>[], rows: readonly R[]): void;
  mark(row: R | null): void;
}

export interface TableHandlers<R> {
  hovered?: (row: R | null) => void;
  chosen?: (row: R) => void;
}

const PART = 100;

export function dataTable<R>(label: string, { hovered, chosen }: TableHandlers<R> = {}): DataTable<R> {
  const element = h("div", { class: "atlas-table", attrs: { role: "region", "aria-label": label, tabindex: 0 } });
  let columns: TableColumn<R>[] = [];
  let rows: readonly R[] = [];
  let sorted: { column: number; down: boolean } | null = null;
  let shown = PART;
  let lines = new Map<R, HTMLElement>();

  const draw = (): void => {
    const order = sorted ? sortedRows(rows, columns[sorted.column], sorted.down) : rows;
    lines = new Map();
    const heads = columns.map((column, index) =>
      h(
        "th",
        {
          class: column.digits === undefined ? "" : "num",
          attrs: {
            scope: "col",
            "aria-sort": sorted?.column === index ? (sorted.down ? "descending" : "ascending") : "none",
          },
        },
        h(
          "button",
          {
            type: "button",
            title: t("atlas.table.sort", { title: column.title }),
            on: {
              click: () => {
                const down = sorted?.column === index ? !sorted.down : column.digits !== undefined;
                sorted = { column: index, down };
                draw();
              },
            },
          },
          column.title,
        ),
      ),
    );
    const body = order.slice(0, shown).map((row) => {
      const line = h(
        "tr",
        {
          on: {
            ...(hovered ? { mouseenter: () => hovered(row), mouseleave: () => hovered(null) } : {}),
            ...(chosen ? { click: () => chosen(row) } : {}),
          },
        },
        ...columns.map((column) => h("td", { class: column.digits === undefined ? "" : "num" }, cellText(column, row))),
      );
      lines.set(row, line);
      return line;
    });
    const rest = order.length - shown;
    replace(
      element,
      h("table", {}, h("caption", {}, t("atlas.table.count", { n: count(rows.length) })), h("thead", {}, h("tr", {}, ...heads)), h("tbody", {}, ...body)),
      rest > 0
        ? h(
            "button",
            { type: "button", class: "btn btn-sm btn-link", on: { click: () => ((shown += PART * 5), draw()) } },
            t("atlas.table.more", { n: count(Math.min(rest, PART * 5)) }),
          )
        : null,
    );
  };

  return {
    element,
    show(nextColumns, nextRows) {
      if (nextColumns.length !== columns.length) sorted = null;
      columns = nextColumns;
      rows = nextRows;
      shown = PART;
      draw();
    },
    mark(row) {
      for (const [of, line] of lines) line.classList.toggle("is-marked", of === row);
    },
  };
}

export function cellText<R>(column: TableColumn<R>, row: R): string {
  const value = column.value(row);
  if (value === null || value === "") return column.blank?.(row) ?? MISSING;
  return typeof value === "number" ? number(value, column.digits ?? 2) : value;
}

/** What is missing stands last, whichever way the rest is sorted. */
export function sortedRows<R>(rows: readonly R[], column: TableColumn<R> | undefined, down: boolean): R[] {
  if (!column) return [...rows];
  const sign = down ? -1 : 1;
  return rows
    .map((row) => ({ row, value: column.value(row) }))
    .sort(({ value: a }, { value: b }) => {
      if (a === null || b === null) return Number(a === null) - Number(b === null);
      return sign * (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "zh"));
    })
    .map(({ row }) => row);
}

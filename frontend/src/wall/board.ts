/** The wall's figures: four panels of the county or a town, and the table of towns. Refuses a figure without its rows behind it. */

import { count, date, number, percent, toNumber } from "../format";
import { t } from "../i18n";
import { h, replace } from "../ui/dom";
import { endedOn, LEDGERS, lightOf, rowsUrl, type Ledger, type WallData, type WallRow } from "./data";
import { LIGHTS, OUTLOOK_LIGHT, outlookOf } from "./looks";

/** The four panels for a row: the county's, or the chosen town's. */
export function panels(data: WallData, row: WallRow): HTMLElement[] {
  return [...LEDGERS.map((ledger) => ledgerPanel(data, row, ledger)), idlePanel(data, row), overduePanel(data, row)];
}

export interface TownEvents {
  hover(town: string): void;
  choose(town: string): void;
}

/** The table of towns; the rows carry `data-town`, so that the map can light them up. */
export function townTable(data: WallData, events: TownEvents): HTMLElement {
  const heads = [
    h("th", { attrs: { scope: "col" } }, t("wall.town")),
    ...LEDGERS.map((ledger) => h("th", { class: "wide", attrs: { scope: "col" } }, t(`wall.${ledger}`))),
    h("th", { class: "num", attrs: { scope: "col" } }, t("wall.suspect_short")),
    h("th", { class: "num", attrs: { scope: "col" } }, t("wall.idle_short")),
    h("th", { class: "num", attrs: { scope: "col" } }, t("wall.overdue_short")),
  ];
  const rows = data.rows.filter((row) => row.code !== "");
  const table = h(
    "table",
    { class: "towns" },
    h("thead", {}, h("tr", {}, ...heads)),
    h("tbody", {}, ...rows.map((row) => townRow(data, row, events))),
  );
  table.style.setProperty("--rows", String(Math.max(rows.length, 1)));
  return rows.length ? table : h("div", {}, table, h("p", { class: "no-towns" }, t("wall.no_towns")));
}

function townRow(data: WallData, row: WallRow, events: TownEvents): HTMLElement {
  const link = (figure: string): HTMLElement =>
    h("td", { class: "num" }, figureLink(data, row, figure, count(row.figures[figure])));
  return h(
    "tr",
    {
      data: { town: row.code },
      on: {
        mouseenter: () => events.hover(row.code),
        mouseleave: () => events.hover(""),
        focusin: () => events.hover(row.code),
      },
    },
    h(
      "th",
      { attrs: { scope: "row" } },
      h("button", { type: "button", class: "town", on: { click: () => events.choose(row.code) } }, row.name),
    ),
    ...LEDGERS.map((ledger) => ledgerCell(data, row, ledger)),
    link("suspected"),
    link("idle"),
    link("overdue_tasks"),
  );
}

function ledgerCell(data: WallData, row: WallRow, ledger: Ledger): HTMLElement {
  const outlook = outlookOf(row.figures[`${ledger}_outlook`]);
  const look = LIGHTS[lightOf(row, ledger)];
  const target = row.figures[`${ledger}_target_mu`];
  const sign = h("span", { class: "sign", attrs: { "aria-hidden": "true" } }, look.sign);
  sign.style.color = look.ink;
  return h(
    "td",
    { class: "wide" },
    h(
      "span",
      { class: "ledger-line" },
      sign,
      h("span", { class: "outlook" }, t(`wall.outlook.${outlook}`)),
      figureLink(
        data,
        row,
        `${ledger}_mu`,
        count(row.figures[`${ledger}_mu`]),
        h("small", {}, ` / ${count(target)}`),
      ),
    ),
    bar(row, ledger),
  );
}

function ledgerPanel(data: WallData, row: WallRow, ledger: Ledger): HTMLElement {
  const figure = (name: string): string | null => row.figures[`${ledger}_${name}`] ?? null;
  const outlook = outlookOf(figure("outlook"));
  const light = lightOf(row, ledger);
  const said = verdict(
    OUTLOOK_LIGHT[outlook],
    outlook === "missed" ? t("wall.missed_after_term") : t(`wall.outlook.${outlook}`),
  );
  const target = figure("target_mu");
  const rate = toNumber(figure("rate"));
  const ended = endedOn(data, ledger);
  const after = toNumber(figure("after_mu"));
  return h(
    "section",
    { class: "tile", data: { ledger } },
    h("h2", {}, t(`wall.${ledger}`), light === "none" || ended ? null : verdict(light, t(`wall.light.${light}`), "light")),
    h(
      "p",
      { class: "big" },
      figureLink(data, row, `${ledger}_mu`, count(figure("mu"))),
      h("small", {}, target === null ? t("wall.no_target") : `/ ${t("wall.target", { mu: count(target) })}`),
    ),
    bar(row, ledger),
    h(
      "p",
      { class: "under" },
      target === null ? "" : `${t("wall.rate", { rate: percent(rate === null ? null : rate / 100, 1) })}　`,
      ended ? t("wall.ended", { on: date(ended) }) : figure("due_mu") === null ? "" : t("wall.due", { mu: count(figure("due_mu")) }),
    ),
    h(
      "p",
      { class: "under" },
      target === null ? null : said,
      figure("reached_on") ? h("span", {}, t("wall.expected", { on: date(figure("reached_on")) })) : null,
      after
        ? h("span", {}, figureLink(data, row, `${ledger}_after_mu`, t("wall.after", { mu: count(figure("after_mu")) })))
        : null,
    ),
  );
}

function idlePanel(data: WallData, row: WallRow): HTMLElement {
  const line = (word: string, figure: string, area?: string): HTMLElement =>
    h(
      "p",
      { class: "pair" },
      h("span", {}, word),
      h(
        "b",
        {},
        figureLink(data, row, figure, count(row.figures[figure])),
        h("small", {}, ` ${t("wall.parcels")}${area ? ` ${number(row.figures[area], 0)} ${t("unit.mu")}` : ""}`),
      ),
    );
  return h(
    "section",
    { class: "tile" },
    h("h2", {}, t("wall.idle")),
    line(t("wall.suspected"), "suspected", "suspected_mu"),
    line(t("wall.open_cases"), "idle", "idle_mu"),
    line(t("wall.new_cases"), "idle_new"),
    line(t("wall.disposed"), "idle_disposed"),
  );
}

function overduePanel(data: WallData, row: WallRow): HTMLElement {
  const late = data.overdue.filter((one) => row.code === "" || one.town_code === row.code).slice(0, 3);
  late.sort((a, b) => a.since.localeCompare(b.since)); // which ones is settled; the longest overdue comes first
  return h(
    "section",
    { class: "tile" },
    h("h2", {}, t("wall.overdue")),
    h(
      "p",
      { class: "big" },
      figureLink(data, row, "overdue_tasks", count(row.figures["overdue_tasks"])),
      h("small", {}, ` ${t("wall.items")}`),
      h(
        "span",
        { class: "beside" },
        t("wall.late_starts"),
        " ",
        figureLink(data, row, "overdue_starts", count(row.figures["overdue_starts"])),
        ` ${t("wall.parcels")}`,
      ),
    ),
    h(
      "ul",
      { class: "late" },
      ...late.map((one) => {
        const days = daysBetween(one.since, data.on);
        return h(
          "li",
          { title: `${one.title}：${one.state}` },
          h("span", {}, one.url ? h("a", { href: one.url }, one.title) : one.title),
          days === null ? null : h("b", {}, t("wall.days_late", { n: count(String(days)) })),
        );
      }),
      late.length ? null : h("li", {}, t("wall.none_overdue")),
    ),
  );
}

/** Done against the target, with a mark where the calendar stands. */
function bar(row: WallRow, ledger: Ledger): HTMLElement {
  const share = (figure: string): number => {
    const [part, whole] = [toNumber(row.figures[figure] ?? null), toNumber(row.figures[`${ledger}_target_mu`] ?? null)];
    return part === null || !whole ? 0 : Math.min(Math.max((part / whole) * 100, 0), 100);
  };
  const done = h("span", { class: "done" });
  done.style.width = `${share(`${ledger}_mu`).toFixed(2)}%`;
  done.style.background = LIGHTS[lightOf(row, ledger)].ink;
  const due = h("span", { class: "due" });
  due.style.left = `${share(`${ledger}_due_mu`).toFixed(2)}%`;
  due.hidden = row.figures[`${ledger}_due_mu`] == null;
  return h("span", { class: "bar", attrs: { "aria-hidden": "true" } }, done, due);
}

/** Whole days from a date to a later one; null where the first isn't a date. */
function daysBetween(since: string, on: string): number | null {
  const days = Math.round((Date.parse(on) - Date.parse(since)) / 86_400_000);
  return Number.isFinite(days) ? days : null;
}

function verdict(light: keyof typeof LIGHTS, text: string, extra = ""): HTMLElement {
  const { ink, sign } = LIGHTS[light];
  const element = h("span", { class: `verdict ${extra}`.trim() }, `${sign} ${text}`);
  element.style.color = ink;
  return element;
}

function figureLink(data: WallData, row: WallRow, figure: string, text: string, ...more: HTMLElement[]): HTMLElement {
  return h("a", { href: rowsUrl(data.on, figure, row.code) }, text, ...more);
}

/** Lights up the row of the town that the map points at, and the one that is chosen. */
export function lightUp(table: HTMLElement, hovered: string, chosen: string): void {
  for (const row of table.querySelectorAll<HTMLElement>("tr[data-town]")) {
    const town = row.dataset["town"] ?? "";
    row.classList.toggle("is-hovered", town === hovered);
    row.classList.toggle("is-chosen", town === chosen);
  }
}

export function showPanels(box: HTMLElement, data: WallData, chosen: string): void {
  const row = data.rows.find((one) => one.code === chosen) ?? data.rows[0];
  if (row) replace(box, ...panels(data, row));
  unfold(box.querySelector<HTMLElement>(".tile:has(.late)"));
}

/** A title that is cut takes a second line as far as the panel has room: what is overdue longest first. */
function unfold(tile: HTMLElement | null): void {
  for (const item of tile?.querySelectorAll(".late li") ?? []) {
    item.classList.add("two");
    if (tile && tile.scrollHeight > tile.clientHeight) item.classList.remove("two");
  }
}

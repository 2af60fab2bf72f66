/** Entry of the wall map: builds the screen once, then shows what comes. Refuses to go blank when the network does. */

import "../styles/tokens.css";
import "ol/ol.css";
import "../styles/wall.css";
import "../styles/wall-map.css";
import "../styles/wall-overdue.css";
import "../styles/wall-paper.css";
import { date } from "../format";
import { t } from "../i18n";
import { scaleBar } from "../map/readout";
import { h, replace, slot } from "../ui/dom";
import { northArrow } from "../ui/north";
import { lightUp, showPanels, townTable } from "./board";
import { LEDGERS, rowsUrl, type Ledger, type WallData } from "./data";
import { keepFresh, type Freshness } from "./fresh";
import { GROUND, LIGHTS } from "./looks";
import { wallMap } from "./map";
import { PAPERS, paperPrinter } from "./paper";

const LONG_TITLE = 28; // half-width letters that stand beside the day and the buttons at their full size
const root = slot("main");
const on = root.dataset["on"] ?? "";
let data: WallData | null = null;
let [hovered, chosen] = ["", ""];
let colours: Ledger = "remediation";

const title = h("h1", {}, t("wall.title"));
const day = h("p", { class: "day" });
const status = h("p", { class: "status", attrs: { role: "status" } }, t("wall.loading"));
const tiles = h("div", { class: "tiles" });
const table = h("div", { class: "table-box" });
const mapBox = h("div", { class: "map", id: "map", tabIndex: 0, attrs: { role: "application" } });
const legend = h("div");
const corner = h("div", { class: "legend" }, legend);
const foot = h("p", { class: "basis" });

const chart = wallMap(mapBox, corner, {
  hover: (town) => point(town, chosen),
  choose: (town) => choose(town === chosen ? "" : town),
  open: (kind, at) =>
    location.assign(
      kind === "cases" && at.parcel
        ? `/?${new URLSearchParams({ sel: at.parcel, ...(on ? { on } : {}) }).toString()}`
        : at.url ?? rowsUrl(data?.on ?? on, kind === "cases" ? "idle" : `${kind}_mu`, at.town_code || "-"),
    ),
});
const marks = h("div", { class: "map-marks", hidden: true }, northArrow(), scaleBar(chart.map));
corner.append(marks);
const print = paperPrinter(chart);
const button = (text: string, run: () => void): HTMLElement =>
  h("button", { type: "button", on: { click: run } }, text);

replace(
  root,
  h(
    "header",
    {},
    title,
    day,
    status,
    h(
      "nav",
      { class: "tools" },
      button(t("wall.full"), fullScreen),
      ...PAPERS.map((paper) => button(t("wall.print", { paper }), () => print(paper))),
      h("a", { href: "/" }, t("wall.home")),
    ),
  ),
  tiles,
  h("figure", { class: "map-box" }, mapBox, corner),
  table,
  h("footer", {}, foot, h("p", { class: "keys" }, t("wall.keys"))),
);
const keeper = keepFresh(on, show, tell);
void keeper.refresh();

function show(fresh: WallData): void {
  data = fresh;
  if (chosen && !fresh.rows.some((row) => row.code === chosen)) chosen = "";
  const told = `${fresh.county.name}${t("wall.between")}${t("wall.title")}`;
  replace(title, told);
  const width = [...told].reduce((sum, letter) => sum + (letter > "\u2e80" ? 2 : 1), 0);
  title.classList.toggle("long", width > LONG_TITLE);
  replace(table, townTable(fresh, { hover: (town) => point(town, chosen), choose: (town) => choose(town === chosen ? "" : town) }));
  drawLegend();
  chart.show(fresh);
  if (marks.hidden && chart.map.getView().getResolution() !== undefined) {
    marks.hidden = false;
    chart.fit(); // the land keeps clear of what has appeared
  }
  choose(chosen);
  root.setAttribute("aria-busy", "false");
  root.dataset["version"] = fresh.version;
}

/** What stands at the head and the foot: whose figures, of which day, on what they rest. */
function describe(fresh: WallData): void {
  const row = fresh.rows.find((one) => one.code === chosen) ?? fresh.rows[0];
  const place = row && row.code ? row.name : t("wall.whole");
  replace(day, `${place}　${on ? t("wall.past", { on }) : t("wall.on", { on: fresh.on })}`);
  const bases = [...new Set(LEDGERS.map((ledger) => fresh.targets[ledger].basis).filter(Boolean))];
  const notes = [
    fresh.county.is_demo ? t("wall.demo") : "",
    t("wall.rules", { rules: Object.values(fresh.rule_versions).join("、") }),
    bases.length ? t("wall.basis", { basis: bases.join("、") }) : "",
    t("wall.printed", { on: date(fresh.made_at) }),
  ];
  // The long names of the bases come last: they give way on the screen, and stand whole under the pointer.
  replace(foot, (foot.title = notes.filter(Boolean).join("　")));
}

function tell(freshness: Freshness, held: WallData | null): void {
  // What no longer is fresh is told with its day: a screen may hang for longer than one.
  const time = held ? (freshness.state === "live" ? held.made_at.slice(11, 19) : held.made_at.slice(0, 16).replace("T", " ")) : "";
  const words: Record<Freshness["state"], string> = {
    live: t("wall.live", { time }),
    stale: t("wall.stale", { time, minutes: freshness.state === "stale" ? freshness.minutes : 0 }),
    offline: t("wall.offline", { time }),
    signed_out: t("wall.signed_out", { time }),
    failed: t("wall.failed", { message: freshness.state === "failed" ? freshness.message : "" }),
  };
  status.dataset["state"] = freshness.state;
  const again = freshness.state === "live" || freshness.state === "signed_out" ? null : button(t("wall.retry"), () => void keeper.refresh());
  const signIn = `/login/?${new URLSearchParams({ next: location.pathname + location.search }).toString()}`;
  replace(
    status,
    words[freshness.state],
    freshness.state === "signed_out" ? h("a", { class: "sign-in", href: signIn }, t("wall.sign_in")) : again,
  );
}

function point(town: string, picked: string): void {
  [hovered, chosen] = [town, picked];
  chart.point(hovered, chosen);
  lightUp(table, hovered, chosen);
}

function choose(town: string): void {
  point(hovered, town);
  if (!data) return;
  showPanels(tiles, data, town);
  describe(data);
}

function drawLegend(): void {
  const lights = (["green", "yellow", "red", "none"] as const).map((light) => {
    const sign = h("i", {}, LIGHTS[light].sign);
    sign.style.color = LIGHTS[light].ink;
    sign.style.background = LIGHTS[light].fill;
    return h("li", {}, sign, t(`wall.light.${light}`));
  });
  const grounds = ([...LEDGERS, "cases"] as const).map((kind) => {
    const sign = h("i", { class: kind === "cases" ? "case-sign" : "" });
    sign.style.background = GROUND[kind].fill;
    sign.style.borderColor = GROUND[kind].ink;
    return h("li", {}, sign, t(`wall.legend.${kind}`));
  });
  const other: Ledger = colours === "remediation" ? "revitalisation" : "remediation";
  const swap = button(t("wall.colour_by", { ledger: t(`wall.${other}`) }), () => {
    colours = other;
    chart.colourBy(colours);
    drawLegend();
  });
  const heading = h("p", {}, t("wall.legend.towns", { ledger: t(`wall.${colours}`) }));
  replace(legend, heading, h("ul", {}, ...lights, ...grounds), swap);
}

function fullScreen(): void {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void document.documentElement.requestFullscreen();
}

function step(by: number): void {
  const codes = data?.rows.map((row) => row.code) ?? [];
  const at = Math.max(codes.indexOf(chosen), 0);
  const next = codes[(at + by + codes.length) % codes.length];
  if (next !== undefined) choose(next);
}

const KEYS: Record<string, () => void> = {
  f: fullScreen,
  p: () => print("A3"),
  r: () => void keeper.refresh(),
  Escape: () => choose(""),
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const atControl = event.target instanceof HTMLElement && event.target.closest("a, button");
  if (event.key === "Enter" && !atControl) location.assign(rowsUrl(data?.on ?? on, "remediation_mu", chosen));
  const run = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!run) return;
  event.preventDefault();
  run();
});
window.addEventListener("resize", () => chart.resize());

/** What the figures of the strip mean: what is counted, formula, unit, source, as of when, rule. Refuses to compute any of them. */

import { date } from "../format";
import { t, type Key } from "../i18n";
import type { Workspace } from "../types";
import { h } from "./dom";
import { indicatorCards } from "./indicators";

/** `on` is the day shown; "" is today's register. */
export function totalsAbout(workspace: Workspace, on: string): HTMLElement {
  const asOf = on ? date(on) : t("totals.about.now");
  const screened = workspace.screened_on ? date(workspace.screened_on) : t("totals.unscreened");
  const land: [Key, Key, string][] = [
    ["totals.parcels", "totals.about.parcels", asOf],
    ["totals.area", "totals.about.area", asOf],
    ["totals.enterprises", "totals.about.enterprises", asOf],
    ["totals.idle", "totals.about.idle", screened],
    ["totals.overdue", "totals.about.overdue", screened],
  ];
  return h(
    "div",
    { class: "totals-about" },
    h("dl", {}, ...land.flatMap(([name, meaning, as_of]) => [h("dt", {}, t(name)), h("dd", {}, t(meaning), h("small", {}, `${t("ind.as_of")} ${as_of}`))])),
    h("h3", { class: "visually-hidden" }, t("detail.indicators")),
    indicatorCards(workspace.totals.indicators ?? []),
  );
}

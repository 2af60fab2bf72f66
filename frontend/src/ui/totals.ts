/** The county's figures in one calm strip. Refuses to stand in for a report: no trend, no target, only what is. */

import { count, date, MISSING, mu, perMu } from "../format";
import { t } from "../i18n";
import type { CountOf, Workspace } from "../types";
import { h, replace } from "./dom";
import { icon } from "./icons";
import { missing } from "./pills";

export interface IdleTotals {
  idle: CountOf;
  overdue: CountOf;
}

interface Total {
  name: string;
  value: string;
  unit: string;
  more?: string;
  why?: string;
  key: string;
}

/** `year` is the year chosen; totals of another year say which. */
export function showTotals(
  strip: HTMLElement,
  workspace: Workspace,
  year: number | null,
  idle: IdleTotals | null,
  mayFigures: boolean,
  about: () => void,
): void {
  const { totals } = workspace;
  const ofYear = workspace.year !== null && workspace.year !== year ? ` ${workspace.year}` : "";
  const why = mayFigures ? t("totals.missing") : t("totals.forbidden");
  const unscreened = workspace.screened_on ? t("missing.field") : t("totals.unscreened");
  const land = (of: CountOf | undefined): Pick<Total, "value" | "unit" | "more" | "why"> => ({
    value: workspace.screened_on && of ? count(of.parcels) : MISSING,
    unit: t("unit.parcels"),
    why: unscreened,
    ...(of && of.area_mu !== undefined ? { more: `${mu(of.area_mu)} ${t("unit.mu")}` } : {}),
  });
  const all: Total[] = [
    { key: "parcels", name: t("totals.parcels"), value: count(totals.parcels), unit: t("unit.parcels") },
    { key: "area", name: t("totals.area"), value: mu(totals.area_mu), unit: t("unit.mu") },
    { key: "enterprises", name: t("totals.enterprises"), value: count(totals.enterprises), unit: t("unit.firms") },
    { key: "tax", name: t("totals.tax") + ofYear, value: perMu(totals.tax_per_mu), unit: t("unit.wan_per_mu"), why },
    {
      key: "value-added",
      name: t("totals.value_added") + ofYear,
      value: perMu(totals.value_added_per_mu),
      unit: t("unit.wan_per_mu"),
      why,
    },
    { key: "idle", name: t("totals.idle"), ...land(idle?.idle) },
    { key: "overdue", name: t("totals.overdue"), ...land(idle?.overdue) },
  ];
  const scope = workspace.actor.town_codes ? t("totals.scope") : t("totals.label");
  strip.setAttribute("aria-label", scope);
  replace(
    strip,
    h("dl", {}, ...all.map(totalItem)),
    h(
      "p",
      { class: "totals-note" },
      workspace.screened_on ? t("totals.screened", { on: date(workspace.screened_on) }) : t("totals.unscreened"),
    ),
    h("button", { type: "button", class: "icon-button", title: t("totals.about"), ariaLabel: t("totals.about"), on: { click: about } }, icon("info")),
  );
}

function totalItem(total: Total): HTMLElement {
  const absent = total.value === MISSING;
  return h(
    "div",
    { class: "total", data: { total: total.key } },
    h("dt", {}, total.name),
    h(
      "dd",
      {},
      absent ? missing(total.why) : h("b", {}, total.value),
      absent ? null : h("span", { class: "unit" }, total.unit),
      absent || !total.more ? null : h("span", { class: "total-more" }, total.more),
    ),
  );
}

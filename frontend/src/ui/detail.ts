/** One parcel, all that is known of it, in the order an officer asks. Refuses to edit anything. */

import { date, mu, MISSING, parcelCode, percent, perMu, toNumber } from "../format";
import { said, t } from "../i18n";
import type { ParcelDetail } from "../types";
import { sheetLink } from "./area-sheet";
import { areasTable } from "./areas";
import { contractList } from "./contracts";
import { h } from "./dom";
import { factList, section } from "./facts";
import { icon, type IconName } from "./icons";
import { idleBlock } from "./idle";
import { indicatorCards } from "./indicators";
import { findingPill, missing } from "./pills";

export interface DetailActions {
  close(): void;
  zoom(): void;
  copyLink(): void;
  /** Buttons and sections that depend on rights and on the day shown; the detail itself edits nothing. */
  /** What must be said before anything else: the parcel has ended. */
  notice?(parcel: ParcelDetail): HTMLElement | null;
  moreButtons?(parcel: ParcelDetail): [IconName, string, () => void][];
  moreSections?(parcel: ParcelDetail): HTMLElement[];
}

export function parcelDetail(parcel: ParcelDetail, mayFigures: boolean, actions: DetailActions): HTMLElement[] {
  const holder = parcel.holders[0]?.name ?? "";
  return [
    panelHead(holder || parcel.name || t("detail.label"), parcelCode(parcel.code), [
      ["locate", t("detail.zoom"), actions.zoom],
      ["link", t("detail.copy"), actions.copyLink],
      ...(actions.moreButtons?.(parcel) ?? []),
      ["close", t("detail.close"), actions.close],
    ]),
    h(
      "div",
      { class: "panel-body" },
      actions.notice?.(parcel) ?? null,
      summary(parcel, mayFigures),
      section("facts", t("detail.facts"), facts(parcel)),
      section("areas", t("detail.areas"), areasTable(parcel.areas)),
      section("idle", t("detail.idle"), idleBlock(parcel.idle)),
      section("indicators", t("detail.indicators"), indicators(parcel, mayFigures), mayFigures ? sheetLink(parcel.code) : null),
      section("occupants", t("detail.occupants"), occupants(parcel)),
      section("holders", t("detail.holders"), holders(parcel)),
      section("contracts", t("detail.contracts"), contractList(parcel.contracts)),
      ...(actions.moreSections?.(parcel) ?? []),
    ),
  ];
}

/** The head that the parcel and the polygon result share. */
export function panelHead(title: string, under: string, buttons: [IconName, string, () => void][]): HTMLElement {
  return h(
    "header",
    { class: "panel-head" },
    h(
      "div",
      { class: "panel-title" },
      h("h2", { id: "detail-title", title }, title),
      under ? h("p", { class: "mono" }, under) : null,
    ),
    h(
      "div",
      { class: "panel-buttons" },
      ...buttons.map(([name, label, click]) =>
        h("button", { type: "button", class: "icon-button", title: label, ariaLabel: label, on: { click } }, icon(name)),
      ),
    ),
  );
}

function summary(parcel: ParcelDetail, mayFigures: boolean): HTMLElement {
  const tax = parcel.indicators.find((one) => one.indicator === "tax_per_mu");
  const taxText = perMu(tax?.value);
  const figure = (name: string, ...value: (Node | string)[]): HTMLElement =>
    h("div", {}, h("dt", {}, name), h("dd", {}, ...value));
  return h(
    "dl",
    { class: "summary" },
    figure(t("totals.area"), h("b", {}, mu(parcel.areas.area_mu)), h("span", { class: "unit" }, t("unit.mu"))),
    mayFigures
      ? figure(
          t("totals.tax"),
          taxText === MISSING ? missing(t("missing.tax")) : h("b", {}, taxText),
          taxText === MISSING ? "" : h("span", { class: "unit" }, t("unit.wan_per_mu")),
        )
      : figure(t("fact.town"), h("b", { class: "is-text" }, parcel.town?.name ?? MISSING)),
    figure(t("col.finding"), findingPill(parcel.idle?.finding)),
  );
}

function facts(parcel: ParcelDetail): HTMLElement {
  const land = parcel.land_class;
  const set = land?.set ? h("small", {}, land.set) : null;
  const share = percent(parcel.control_line_share, 1);
  const unitCode = parcel.real_estate_unit_code;
  return factList([
    [t("fact.location"), parcel.location],
    [t("fact.town"), parcel.town?.name],
    [t("fact.land"), land ? h("span", {}, `${land.code} ${said(land.name)}`, set) : null],
    ...(parcel.tenure === undefined ? [] : ([[t("fact.tenure"), said(parcel.tenure)]] as [[string, string | null]])),
    [t("fact.control"), share === MISSING ? null : share],
    ...(unitCode ? ([[t("fact.unit_code"), parcelCode(unitCode), "mono"]] as [[string, string, "mono"]]) : []),
    [t("fact.since"), date(parcel.registered_on)],
    [t("fact.source"), said(parcel.source)],
  ]);
}

function indicators(parcel: ParcelDetail, mayFigures: boolean): HTMLElement {
  if (parcel.indicators.some((one) => !one.restricted)) return indicatorCards(parcel.indicators);
  return h("p", { class: "nothing" }, t(mayFigures ? "ind.none" : "ind.forbidden"));
}

function occupants(parcel: ParcelDetail): HTMLElement {
  if (!parcel.occupants.length) return h("p", { class: "nothing" }, t("occ.none"));
  const role = (name: string): string =>
    name === "owned" || name === "leased_in" || name === "unregistered" ? t(`occ.${name}`) : name;
  return h(
    "table",
    { class: "mini occupants" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th", { attrs: { scope: "col" } }, t("occ.firm")),
        h("th", { attrs: { scope: "col" } }, t("occ.role")),
        h("th", { class: "num", attrs: { scope: "col" } }, t("legend.area")),
      ),
    ),
    h(
      "tbody",
      {},
      ...parcel.occupants.map((one) =>
        h(
          "tr",
          {},
          h("td", {}, one.enterprise, one.uscc ? h("small", { class: "mono" }, one.uscc) : null, lessor(one.lessor)),
          h("td", { class: "nowrap" }, role(one.role)),
          h("td", { class: "num" }, toNumber(one.area_mu) === null ? missing() : mu(one.area_mu)),
        ),
      ),
    ),
  );
}

function lessor(name: string | null | undefined): HTMLElement | null {
  return name ? h("small", {}, t("occ.lessor", { name })) : null;
}

function holders(parcel: ParcelDetail): HTMLElement {
  if (!parcel.holders.length) return h("p", { class: "nothing" }, missing());
  return h(
    "ul",
    { class: "holders" },
    ...parcel.holders.map((holder) =>
      h(
        "li",
        {},
        h("span", {}, holder.name),
        toNumber(holder.share) === null || toNumber(holder.share) === 1
          ? null
          : h("span", { class: "muted" }, t("holder.share", { share: percent(holder.share, 2) })),
        holder.uscc ? h("small", { class: "mono", title: t("holder.uscc") }, holder.uscc) : null,
      ),
    ),
  );
}

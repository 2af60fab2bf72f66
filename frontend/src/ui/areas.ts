/** The three areas of a parcel side by side and whether they agree. Refuses to rank them: the registered one is the authority. */

import { mu, signed, squareMetres, toNumber } from "../format";
import { t } from "../i18n";
import type { Figure, ParcelDetail } from "../types";
import { h } from "./dom";
import { icon } from "./icons";
import { missing } from "./pills";

export function areasTable(areas: ParcelDetail["areas"]): HTMLElement {
  const planarNote = areas.survey_crs ? t("area.planar.crs", { crs: areas.survey_crs }) : "";
  return h(
    "div",
    { class: "areas" },
    h(
      "table",
      { class: "mini" },
      h(
        "tbody",
        {},
        row(t("area.registered"), areas.registered_area_m2, ""),
        row(t("area.planar"), areas.planar_area_m2, planarNote),
        row(t("area.ellipsoidal"), areas.ellipsoidal_area_m2, t("area.ellipsoidal.crs")),
      ),
    ),
    tolerance(areas),
  );
}

function row(name: string, area_m2: Figure, note: string): HTMLElement {
  const value = toNumber(area_m2);
  const inMu = value === null ? null : (value * 15) / 10_000;
  return h(
    "tr",
    {},
    h("th", { attrs: { scope: "row" } }, name, note ? h("small", {}, note) : null),
    h("td", { class: "num" }, value === null ? missing() : `${squareMetres(value)} ${t("sqm")}`),
    h("td", { class: "num" }, inMu === null ? "" : `${mu(inMu)} ${t("unit.mu")}`),
  );
}

function rule(tolerance_m2: Figure): string {
  const limit = toNumber(tolerance_m2);
  return limit === null ? t("area.rule") : t("area.limit", { limit: squareMetres(limit) });
}

function tolerance(areas: ParcelDetail["areas"]): HTMLElement {
  const verdict = areas.within_tolerance;
  const known = typeof verdict === "boolean";
  const state = !known ? "unknown" : verdict ? "ok" : "bad";
  return h(
    "p",
    { class: `tolerance is-${state}`, title: rule(areas.tolerance_m2) },
    icon(state === "ok" ? "check" : state === "bad" ? "alert" : "info"),
    h("span", {}, t(`area.${state}`)),
    known
      ? h("span", { class: "tolerance-diff" }, `${t("area.difference")} ${signed(areas.difference_m2)} ${t("sqm")}`)
      : null,
  );
}

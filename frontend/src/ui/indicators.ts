/**
 * An indicator as a figure that can say what it means: formula, parts, unit, source, as of, rule version.
 * Refuses to compute: the server's value and parts are shown as they are; a missing one says what is missing.
 */

import { date, MISSING, number, toNumber } from "../format";
import { said, t, type Key } from "../i18n";
import type { Figure, Indicator } from "../types";
import { h } from "./dom";

export function indicatorCards(indicators: readonly Indicator[]): HTMLElement {
  return h("div", { class: "indicators" }, ...indicators.map(indicatorCard));
}

export function indicatorCard(indicator: Indicator): HTMLElement {
  const missing = toNumber(indicator.value) === null;
  const why = missing ? whyMissing(indicator) : "";
  return h(
    "article",
    { class: missing ? "indicator is-missing" : "indicator", data: { indicator: indicator.indicator } },
    h(
      "div",
      { class: "indicator-head" },
      h("h4", {}, said(indicator.title)),
      h(
        "p",
        { class: "indicator-value", title: why },
        h("b", {}, number(indicator.value, digits(indicator))),
        missing ? null : h("span", { class: "unit" }, said(indicator.unit)),
      ),
    ),
    missing ? h("p", { class: "indicator-why" }, why) : null,
    h(
      "details",
      { class: "how" },
      h("summary", { attrs: { "aria-label": `${said(indicator.title)} ${t("ind.how")}` } }, t("ind.how")),
      howList(indicator),
    ),
  );
}

export function whyMissing(indicator: Indicator): string {
  return (indicator.missing ?? []).map((one) => said(one)).join(t("list.between")) || t("ind.missing.unknown");
}

function howList(indicator: Indicator): HTMLElement {
  const rows: [Key, string][] = [
    ["ind.formula", said(indicator.formula) || MISSING],
    ["ind.numerator", part(indicator.numerator, indicator.numerator_unit, indicator.numerator_title)],
    ["ind.denominator", part(indicator.denominator, indicator.denominator_unit, indicator.denominator_title)],
    ["ind.unit", said(indicator.unit) || MISSING],
    ["ind.year", indicator.year ? String(indicator.year) : MISSING],
    ["ind.as_of", date(indicator.as_of)],
    ["ind.source", said(indicator.source) || MISSING],
    ["ind.rule", said(indicator.rule_version) || MISSING],
  ];
  // A value may stand although some firms couldn't be counted: that belongs to what it means.
  if (toNumber(indicator.value) !== null && indicator.missing?.length) rows.push(["ind.left_out", whyMissing(indicator)]);
  return h("dl", { class: "how-list" }, ...rows.flatMap(([key, text]) => [h("dt", {}, t(key)), h("dd", {}, text)]));
}

function part(figure: Figure, unit: string | null | undefined, title: string | null | undefined): string {
  const text = number(figure, 2);
  const value = text === MISSING ? MISSING : `${text} ${said(unit) ?? ""}`.trim();
  return title ? `${said(title)} ${value}` : value;
}

/** Small ratios would vanish at two digits. */
function digits(indicator: Indicator): number {
  const value = toNumber(indicator.value);
  return value !== null && value !== 0 && Math.abs(value) < 0.1 ? 4 : 2;
}

/** A parcel's screening: verdict, clock and the steps that led there. Refuses to sound like a formal 认定书. */

import { count, date, MISSING } from "../format";
import { findingTitle } from "../themes";
import { said, t } from "../i18n";
import type { IdleVerdict } from "../types";
import { h } from "./dom";
import { findingPill } from "./pills";

export function idleBlock(idle: IdleVerdict | null): HTMLElement {
  if (!idle) return h("p", { class: "nothing" }, t("idle.none"));
  return h(
    "div",
    { class: "idle" },
    h(
      "p",
      { class: "idle-head" },
      findingPill(idle.finding, findingTitle(idle.finding)),
      ...article(idle.article),
    ),
    clock(idle),
    idle.missing.length
      ? h("p", { class: "idle-missing" }, t("idle.missing", { fields: idle.missing.map((one) => said(one)).join(t("list.names")) }))
      : null,
    idle.steps.length
      ? h(
          "details",
          { class: "how", open: idle.finding !== "clear" },
          h("summary", {}, t("idle.steps")),
          h("ol", { class: "step-list" }, ...idle.steps.map((step) => h("li", {}, said(step)))),
        )
      : null,
    h(
      "p",
      { class: "note" },
      `${t("idle.on")} ${date(idle.on)} · ${t("idle.rule")} ${said(idle.rule_version) || MISSING}${t("sentence.end")}${t("idle.note")}`,
    ),
  );
}

/** The article, and where that isn't the law's own words, beside it as the law has it. */
function article(text: string | null | undefined): HTMLElement[] {
  if (!text) return [];
  const told = said(text);
  const own = told === text ? [] : [h("span", { class: "idle-article", attrs: { lang: "zh-Hans" } }, text)];
  return [h("span", { class: "idle-article" }, told), ...own];
}

/** Three dates on a line in their order; shown only when the clock is known. */
function clock(idle: IdleVerdict): HTMLElement | null {
  if (!idle.agreed_start || !idle.full_year_on) return null;
  const points = [
    { name: t("idle.agreed"), on: idle.agreed_start, kind: "agreed" },
    { name: t("idle.full_year"), on: idle.full_year_on, kind: "full" },
    { name: t("idle.today"), on: idle.on, kind: "today" },
  ].sort((a, b) => a.on.localeCompare(b.on));
  const days = idle.gross_idle_days;
  return h(
    "div",
    { class: "clock" },
    h(
      "ol",
      { class: "clock-line" },
      ...points.map((point) =>
        h("li", { class: `clock-${point.kind}` }, h("span", {}, point.name), h("time", {}, date(point.on))),
      ),
    ),
    days === null || days === undefined || days <= 0
      ? null
      : h("p", { class: "clock-days" }, t("idle.days", { n: count(days) })),
  );
}

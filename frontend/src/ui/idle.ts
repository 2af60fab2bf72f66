/** A parcel's screening: verdict, clock and the steps that led there. Refuses to sound like a formal 认定书. */

import { count, date, MISSING } from "../format";
import { findingTitle } from "../themes";
import { t } from "../i18n";
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
      idle.article ? h("span", { class: "idle-article" }, idle.article) : null,
    ),
    clock(idle),
    idle.missing.length
      ? h("p", { class: "idle-missing" }, t("idle.missing", { fields: idle.missing.join("、") }))
      : null,
    idle.steps.length
      ? h(
          "details",
          { class: "how", open: idle.finding !== "clear" },
          h("summary", {}, t("idle.steps")),
          h("ol", { class: "step-list" }, ...idle.steps.map((step) => h("li", {}, step))),
        )
      : null,
    h(
      "p",
      { class: "note" },
      `${t("idle.on")} ${date(idle.on)} · ${t("idle.rule")} ${idle.rule_version || MISSING}。${t("idle.note")}`,
    ),
  );
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

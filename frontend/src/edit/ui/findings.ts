/** What the rules found, errors first, each with its fix. Refuses a warning without room for the reason it is accepted for. */

import { parcelCode } from "../../format";
import { t } from "../../i18n";
import { h } from "../../ui/dom";
import { icon } from "../../ui/icons";
import type { Finding } from "../types";

/** `fix`: a button that mends the finding at once, where there is a way. */
export function findingList(
  findings: readonly Finding[],
  locate?: (finding: Finding) => void,
  fix?: (finding: Finding) => HTMLElement | null,
): HTMLElement | null {
  if (!findings.length) return null;
  const sorted = [...findings].sort((a, b) => rank(a) - rank(b));
  return h("ul", { class: "finding-list" }, ...sorted.map((one) => row(one, locate, fix?.(one) ?? null)));
}

export const errorsOf = (findings: readonly Finding[]): Finding[] => findings.filter((one) => one.severity === "error");
export const warningsOf = (findings: readonly Finding[]): Finding[] => findings.filter((one) => one.severity === "warning");

function row(one: Finding, locate: ((finding: Finding) => void) | undefined, mend: HTMLElement | null): HTMLElement {
  const wrong = one.severity === "error";
  return h(
    "li",
    { class: wrong ? "is-error" : "is-warning", data: { rule: one.rule } },
    icon(wrong ? "alert" : "info"),
    h(
      "div",
      {},
      h("strong", {}, h("span", { class: "finding-kind" }, t(wrong ? "finding.error" : "finding.warning")), one.message),
      one.remedy ? h("span", { class: "finding-remedy" }, one.remedy) : null,
      one.parcels.length ? h("small", { class: "mono" }, one.parcels.map(parcelCode).join("、")) : null,
      mend,
    ),
    locate && (one.at || one.geometry)
      ? h(
          "button",
          { type: "button", class: "icon-button", title: t("finding.locate"), ariaLabel: t("finding.locate"), on: { click: () => locate(one) } },
          icon("locate"),
        )
      : null,
  );
}

const rank = (one: Finding): number => (one.severity === "error" ? 0 : 1);

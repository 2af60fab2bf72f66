/** What the rules found, errors first, each with its fix. Refuses a warning without room for the reason it is accepted for. */

import { t } from "../../i18n";
import { h } from "../../ui/dom";
import { icon } from "../../ui/icons";
import { isMade } from "../operations";
import type { Finding, ParcelKey, WorkingParcel } from "../types";
import { parcelName } from "./facts";

/** `fix`: a button that mends the finding at once, where there is a way. `parcels`: what the draft made, for their names. */
export function findingList(
  findings: readonly Finding[],
  parcels: readonly WorkingParcel[] = [],
  locate?: (finding: Finding) => void,
  fix?: (finding: Finding) => HTMLElement | null,
): HTMLElement | null {
  if (!findings.length) return null;
  const sorted = [...findings].sort((a, b) => rank(a) - rank(b));
  const name = (key: ParcelKey): string => parcelName(key, parcels);
  return h("ul", { class: "finding-list" }, ...sorted.map((one) => row(one, name, locate, fix?.(one) ?? null)));
}

export const errorsOf = (findings: readonly Finding[]): Finding[] => findings.filter((one) => one.severity === "error");
export const warningsOf = (findings: readonly Finding[]): Finding[] => findings.filter((one) => one.severity === "warning");

function row(one: Finding, name: (key: ParcelKey) => string, locate: ((finding: Finding) => void) | undefined, mend: HTMLElement | null): HTMLElement {
  const wrong = one.severity === "error";
  // The server names parcels as the change set does; the screen as the register does.
  const message = [...one.parcels].sort((a, b) => b.length - a.length).reduce((text, key) => inWords(text, key, name(key)), one.message);
  const unsaid = one.parcels.filter((key) => !one.message.includes(key));
  return h(
    "li",
    { class: wrong ? "is-error" : "is-warning", data: { rule: one.rule } },
    icon(wrong ? "alert" : "info"),
    h(
      "div",
      {},
      h("strong", {}, h("span", { class: "finding-kind" }, t(wrong ? "finding.error" : "finding.warning")), message),
      one.remedy ? h("span", { class: "finding-remedy" }, one.remedy) : null,
      unsaid.length ? h("small", { class: "mono" }, unsaid.map(name).join("、")) : null,
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

/** “宗地 #3.1” is “新宗地 3-1”, not “宗地 新宗地 3-1”. */
function inWords(text: string, key: ParcelKey, name: string): string {
  const kind = name.split(" ")[0] ?? "";
  const said = isMade(key) && /^\D+$/.test(kind) ? [`${kind} ${key}`, `${kind.slice(1)} ${key}`, key] : [key];
  return said.reduce((now, one) => now.replaceAll(one, name), text);
}

const rank = (one: Finding): number => (one.severity === "error" ? 0 : 1);

/** Supply contracts with what was agreed and what happened, phase by phase. Refuses to leave a date blank without “—”. */

import { date, MISSING, number } from "../format";
import { said, t } from "../i18n";
import type { Contract, Phase } from "../types";
import { h } from "./dom";
import { factList } from "./facts";
import { missing } from "./pills";

export function contractList(contracts: readonly Contract[]): HTMLElement {
  if (!contracts.length) return h("p", { class: "nothing" }, t("con.none"));
  return h("div", { class: "contracts" }, ...contracts.map(contractBlock));
}

function contractBlock(contract: Contract): HTMLElement {
  const price = number(contract.price_wan, 2);
  return h(
    "article",
    { class: "contract" },
    factList([
      [t("con.no"), contract.contract_no, "mono"],
      [t("con.supervision"), contract.supervision_no, "mono"],
      [t("con.signed"), date(contract.signed_on)],
      [t("con.use"), said(contract.land_use)],
      [t("con.price"), price === MISSING ? null : `${price} ${t("wan")}`],
    ]),
    ...contract.phases.map((phase) => phaseTable(phase, contract.phases.length > 1)),
  );
}

function phaseTable(phase: Phase, numbered: boolean): HTMLElement {
  const cell = (text: string | null | undefined): HTMLElement =>
    h("td", { class: "num" }, text ? date(text) : missing());
  const head = (text: string): HTMLElement => h("th", { attrs: { scope: "col" } }, text);
  const side = (text: string): HTMLElement => h("th", { attrs: { scope: "row" } }, text);
  const investment = number(phase.total_investment_wan, 2);
  return h(
    "table",
    { class: "mini phase" },
    numbered ? h("caption", {}, t("con.phase", { n: phase.phase_no })) : null,
    h(
      "thead",
      {},
      h("tr", {}, h("td"), head(t("con.delivery")), head(t("con.start")), head(t("con.completion"))),
    ),
    h(
      "tbody",
      {},
      h(
        "tr",
        {},
        side(t("con.agreed")),
        cell(phase.agreed_delivery),
        cell(phase.agreed_start),
        cell(phase.agreed_completion),
      ),
      h(
        "tr",
        {},
        side(t("con.actual")),
        cell(phase.actual_delivery),
        cell(phase.actual_start),
        cell(phase.actual_completion),
      ),
    ),
    investment === MISSING
      ? null
      : h(
          "tfoot",
          {},
          h("tr", {}, side(t("con.investment")), h("td", { class: "num", colSpan: 3 }, `${investment} ${t("wan")}`)),
        ),
  );
}

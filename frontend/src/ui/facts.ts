/** Lists of facts in the detail panel: names left, values right, “—” with a reason. Refuses empty values. */

import { MISSING } from "../format";
import { h } from "./dom";
import { missing } from "./pills";

export type Fact = [name: string, value: string | Node | null | undefined, mono?: "mono"];

export function factList(facts: readonly Fact[]): HTMLElement {
  return h(
    "dl",
    { class: "facts" },
    ...facts.flatMap(([name, value, mono]) => [
      h("dt", {}, name),
      h("dd", mono ? { class: "mono" } : {}, value && value !== MISSING ? value : missing()),
    ]),
  );
}

export function section(id: string, title: string, ...children: (Node | null)[]): HTMLElement {
  return h("section", { class: "detail-section", data: { section: id } }, h("h3", {}, title), ...children);
}

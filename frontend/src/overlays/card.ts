/** The card of one feature of a business layer: what it is, its facts, and the way to its page. Refuses to edit anything. */

import { request } from "../api";
import type { Geometry } from "../geojson";
import { said, t } from "../i18n";
import type { OverlayId } from "../state";
import { h } from "../ui/dom";

export interface OverlayCard {
  collection: string;
  id: number;
  kind: string;
  title: string;
  facts: { title: string; value: string }[];
  page: string;
  geometry: Geometry | null;
}

export interface Pick {
  overlay: OverlayId;
  id: number;
}

export function askCard({ overlay, id }: Pick, on: string, signal: AbortSignal): Promise<OverlayCard> {
  return request(`/api/map/cards/${overlay}/${id}${on ? `?on=${on}` : ""}`, { signal });
}

export async function askOverdue(on: string, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const said = await request<{ cases: string[] }>(`/api/map/overdue-cases${on ? `?on=${on}` : ""}`, { signal });
  return new Set(said.cases);
}

export function cardBody(card: OverlayCard, on: string): HTMLElement[] {
  const parts: (HTMLElement | null)[] = [
    h("p", {}, h("a", { class: "btn btn-primary btn-sm", href: card.page }, t("overlay.open"))),
    on ? h("p", { class: "note" }, t("overlay.as_of", { on })) : null,
    h(
      "dl",
      { class: "facts", data: { card: `${card.collection}.${card.id}` } },
      ...card.facts.flatMap(({ title, value }) => [h("dt", {}, said(title)), h("dd", {}, said(value))]),
    ),
    card.geometry ? null : h("p", { class: "nothing" }, t("overlay.shapeless")),
  ];
  return parts.filter((one) => one !== null);
}

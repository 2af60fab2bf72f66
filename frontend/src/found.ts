/**
 * Which parcels a text filter found, for the map: tiles know no text. Refuses to stand in for the list: beyond a
 * number that would say nothing on a map it answers null, and the map shows all.
 */

import type { Api } from "./api";
import { filterQuery } from "./filters";
import type { Filters } from "./state";
import type { Bbox, ParcelPage } from "./types";

export interface Found {
  codes: ReadonlySet<string>;
  /** Where each lies, for scales at which tiles hold groups without codes. */
  places: readonly Bbox[];
}

const A_PAGE = 500;
const MOST = 2000;

/** `page` is what the list just read; more is asked for only when it doesn't hold them all. */
export async function foundByText(
  api: Pick<Api, "parcels">,
  asked: { filters: Filters; year: number | null; inView: boolean },
  page: ParcelPage,
  signal: AbortSignal,
): Promise<Found | null> {
  if (!asked.filters.q) return null;
  if (!asked.inView && page.page === 1 && page.total <= page.items.length) return foundIn(page.items);
  const items: ParcelPage["items"] = [];
  const filters = filterQuery(asked.filters);
  for (let at = 1; ; at += 1) {
    const next = await api.parcels({ filters, year: asked.year, sort: "code", page: at, pageSize: A_PAGE }, signal);
    if (next.total > MOST) return null;
    items.push(...next.items);
    if (items.length >= next.total || !next.items.length) return foundIn(items);
  }
}

const foundIn = (items: ParcelPage["items"]): Found => ({
  codes: new Set(items.map(({ code }) => code)),
  places: items.map(({ bbox }) => bbox),
});

/**
 * The map's questions as of a day: the list, its counts, the search and the detail ask for the register of that day.
 * Refuses to touch what has no past.
 */

import type { Api } from "../api";

/** `on` answers "" for today, which asks as ever. */
export function datedApi(api: Api, on: () => string): Api {
  return {
    ...api,
    parcels: (query, signal) =>
      api.parcels(on() ? { ...query, filters: { ...query.filters, on: on() } } : query, signal),
    parcel: (code, year, signal) => api.parcel(code, year, signal, on()),
  };
}

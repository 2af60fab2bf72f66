/** What the wall's map is fitted to. Refuses to show nothing where there is ground: a county without towns has its parcels. */

import { createEmpty, extend, isEmpty, type Extent } from "ol/extent";

/** The towns' extent; where no town is drawn, that of all other ground; null where there is none yet. */
export function extentShown(towns: Extent | null, others: readonly (Extent | null)[]): Extent | null {
  if (towns && !isEmpty(towns)) return towns;
  const together = others.reduce<Extent>((sum, one) => (one && !isEmpty(one) ? extend(sum, one) : sum), createEmpty());
  return isEmpty(together) ? null : together;
}
